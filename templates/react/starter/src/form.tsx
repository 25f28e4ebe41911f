import { type ReactNode, useActionState } from 'react';

interface Props {
  readonly submit: string;
  /** Answers null, or what went wrong in words for the user. */
  readonly action: (fields: Readonly<Record<string, string>>) => Promise<string | null>;
  readonly children: ReactNode;
}

export function Form({ submit, action, children }: Props) {
  const [problem, run, busy] = useActionState(
    (_: string | null, data: FormData) => action(Object.fromEntries(data) as Record<string, string>),
    null,
  );
  return (
    <form action={run}>
      {children}
      {problem !== null && <p role="alert">{problem}</p>}
      <button type="submit" disabled={busy}>
        {submit}
      </button>
    </form>
  );
}
