import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useLoaded, useStore, useWorld } from '../state/hooks.ts';
import { Mail } from './mail.tsx';

/** The mails that the auth API would have sent. */
export function OutboxView() {
  const hasAuth = useStore(({ overview }) => overview === null || overview.auth !== null);
  return (
    <div class="page">
      {hasAuth ? (
        <Mails />
      ) : (
        <Empty title="No outbox">
          The API is a backend of your own, so its mails do not pass through here. Look where it sends them.
        </Empty>
      )}
    </div>
  );
}

function Mails() {
  const { api, actions } = useWorld();
  const number = useStore((state) => state.mailNumber);
  const { value: mails, problem, reload } = useLoaded((signal) => api.mails(signal), [number]);
  const newest = mails?.toSorted((a, b) => b.id - a.id);
  const clear = async (): Promise<void> => {
    if (await actions.clear('/outbox')) reload();
  };
  return (
    <>
      <div class="page-head">
        <h2>Outbox</h2>
        <p class="soft">Mails are kept here instead of being sent. The newest is on top.</p>
        <span class="push">
          <button type="button" class="quiet" disabled={newest?.length === 0} onClick={() => void clear()}>
            <Icon name="trash" />
            Clear
          </button>
        </span>
      </div>
      {problem !== undefined && <ProblemNote problem={problem} onRetry={reload} />}
      {newest?.length === 0 && (
        <Empty title="No mails">
          Ask for a password reset or register somebody: the mail is here at once.
        </Empty>
      )}
      <div class="cards">
        {newest?.map((mail) => (
          <Mail key={mail.id} mail={mail} />
        ))}
      </div>
    </>
  );
}
