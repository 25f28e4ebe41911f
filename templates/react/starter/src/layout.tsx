import { Link, Outlet } from 'react-router';
import { session, useSession } from './session/use-session';

export function Layout() {
  const state = useSession();
  return (
    <>
      <nav>
        <Link to="/account">Account</Link>
        {state.status === 'in' ? (
          <>
            <span role="status">Logged in as {state.user.username}</span>
            <button type="button" onClick={() => void session.logOut()}>
              Log out
            </button>
          </>
        ) : (
          <>
            <Link to="/login">Log in</Link>
            <Link to="/register">Register</Link>
          </>
        )}
      </nav>
      <main>
        <Outlet />
      </main>
    </>
  );
}
