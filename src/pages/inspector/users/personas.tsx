import { CopyButton } from '../parts/copy-button.tsx';
import type { Overview } from '../shapes.ts';

/** The users with a known password: those of the configuration. */
export function Personas({ users }: { readonly users: Overview['users'] }) {
  return (
    <section class="part">
      <div class="page-head">
        <h2>Users to log in with</h2>
        <p class="soft">They exist from the start, each with the password that is written here.</p>
      </div>
      <div class="table-frame" role="region" aria-label="Users to log in with" tabIndex={0}>
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">Username</th>
              <th scope="col">Password</th>
              <th scope="col">E-mail</th>
            </tr>
          </thead>
          <tbody>
            {users.map(({ username, password, email }) => (
              <tr key={username}>
                <th scope="row">{username}</th>
                <td>
                  <code>{password}</code> <CopyButton text={password} what={`the password of ${username}`} />
                </td>
                <td>{email}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
