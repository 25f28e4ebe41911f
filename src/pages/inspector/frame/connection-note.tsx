import { Commands } from '../parts/commands.tsx';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useNow, useStore } from '../state/hooks.ts';

/** Where the page is not up to date: why, and what to do. */
export function ConnectionNote() {
  const connection = useStore((state) => state.connection);
  switch (connection.kind) {
    case 'live':
    case 'connecting':
      return null;
    case 'refused':
      return <ProblemNote problem={connection.problem} />;
    case 'reconnecting':
      return (
        <div class="note warn">
          <Icon name="warning" />
          <p>
            The connection to the environment was lost. Next attempt <Countdown until={connection.retryAt} />.
          </p>
        </div>
      );
    case 'ended':
      return (
        <div class="note bad" role="alert">
          <Icon name="cross" />
          <p>
            The environment has ended. What you see is how it was.{' '}
            <Commands text="`jwt-dev up` starts it again, `jwt-dev open --inspector` then opens its page." />
          </p>
        </div>
      );
  }
}

function Countdown({ until }: { readonly until: number }) {
  const clockOffset = useStore((state) => state.clockOffset);
  const seconds = Math.ceil((until - (useNow() - clockOffset)) / 1000);
  return <>{seconds > 0 ? `in ${seconds} s` : 'now'}</>;
}
