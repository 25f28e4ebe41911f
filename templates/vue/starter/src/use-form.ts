import { ref } from 'vue';

/** A form's problem and whether it is being sent. @param action answers null, or what went wrong in words for the user. */
export function useForm(action: () => Promise<string | null>) {
  const problem = ref<string | null>(null);
  const busy = ref(false);
  /** It was sent, and nothing went wrong. */
  const done = ref(false);
  const submit = async (): Promise<void> => {
    busy.value = true;
    try {
      problem.value = await action();
      done.value = problem.value === null;
    } finally {
      busy.value = false;
    }
  };
  return { problem, busy, done, submit };
}
