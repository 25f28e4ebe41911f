import { Navigate, Outlet } from 'react-router';
import { session, useSession } from './session/use-session';

/** The pages inside are for those who are logged in; everybody else is sent to the log-in form. */
export function Protected() {
  const state = useSession();
  if (state.status === 'in') return <Outlet />;
  if (state.status === 'out') return <Navigate to="/login" replace />;
  return <Undecided />;
}

/** The pages inside are for those who are not logged in (yet). */
export function ForStrangers() {
  const state = useSession();
  if (state.status === 'out') return <Outlet />;
  if (state.status === 'in') return <Navigate to="/account" replace />;
  return <Undecided />;
}

function Undecided() {
  const state = useSession();
  if (state.status !== 'failed') return <p>Asking the API …</p>;
  return (
    <>
      <p role="alert">{state.reason}</p>
      <button type="button" onClick={() => void session.check()}>
        Try again
      </button>
    </>
  );
}
