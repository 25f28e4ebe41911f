import type { Overview } from '../shapes.ts';

type Persona = Overview['users'][number];

interface PersonaChoiceProps {
  readonly users: readonly Persona[];
  readonly onChoose: (user: Persona) => void;
}

/** Fills the form in for one of the users with a known password. */
export function PersonaChoice({ users, onChoose }: PersonaChoiceProps) {
  if (users.length === 0) return null;
  return (
    <div class="personas" role="group" aria-label="Fill in for">
      <span class="label">Fill in for</span>
      {users.map((user) => (
        <button type="button" class="toggle" key={user.username} onClick={() => onChoose(user)}>
          {user.username}
        </button>
      ))}
    </div>
  );
}
