import { useSession } from '../session/use-session';

export function Account() {
  const state = useSession();
  if (state.status !== 'in') return null;
  return (
    <>
      <h1>Your account</h1>
      <p>
        {state.user.username}, {state.user.email}
      </p>
    </>
  );
}
