import { Empty } from '../parts/empty.tsx';
import { useStore } from '../state/hooks.ts';
import { Personas } from './personas.tsx';
import { StoredUsers } from './stored-users.tsx';

/** Who can log in. */
export function UsersView() {
  const overview = useStore((state) => state.overview);
  if (overview === null) return <Empty title="Reading" />;
  if (overview.auth === null) {
    return (
      <div class="page">
        <Empty title="No list of users">The API is a backend of your own, and only it knows its users.</Empty>
      </div>
    );
  }
  return (
    <div class="page">
      <Personas users={overview.users} />
      <StoredUsers />
    </div>
  );
}
