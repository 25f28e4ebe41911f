import { formatDateTime } from '../model/format.ts';
import { Mark } from '../parts/mark.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useLoaded, useStore, useThrottled, useWorld } from '../state/hooks.ts';

/** Everybody whom the auth API knows now, those who registered too. */
export function StoredUsers() {
  const { api } = useWorld();
  const last = useThrottled(
    useStore(({ rows }) => rows.at(-1)?.seq),
    1000,
  );
  const { value: users, problem, reload } = useLoaded((signal) => api.users(signal), [last]);
  return (
    <section class="part">
      <div class="page-head">
        <h2>All users</h2>
        <p class="soft">As they are stored now, with those who registered.</p>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} onRetry={reload} />}
      {users !== undefined && (
        <div class="table-frame" role="region" aria-label="All users" tabIndex={0}>
          <table class="grid">
            <thead>
              <tr>
                {['Id', 'Username', 'E-mail', 'Address', 'State', 'Since'].map((title) => (
                  <th scope="col" key={title}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {users.map(({ id, username, email, isActive, verified, createdAt }) => (
                <tr key={id}>
                  <td>{id}</td>
                  <th scope="row">{username}</th>
                  <td>{email}</td>
                  <td>
                    <YesOrNo isSo={verified} yes="verified" no="not verified" />
                  </td>
                  <td>
                    <YesOrNo isSo={isActive} yes="active" no="not active" />
                  </td>
                  <td>{createdAt === null ? '' : formatDateTime(createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface YesOrNoProps {
  readonly isSo: boolean;
  readonly yes: string;
  readonly no: string;
}

function YesOrNo({ isSo, yes, no }: YesOrNoProps) {
  const text = isSo ? yes : no;
  return <Mark icon={isSo ? 'check' : 'dash'} tone={isSo ? 'good' : 'plain'} text={text} title={text} />;
}
