import type { ApiProblem } from '../state/api-problem.ts';
import { Commands } from './commands.tsx';
import { Icon } from './icon.tsx';

interface ProblemNoteProps {
  readonly problem: ApiProblem;
  readonly onRetry?: () => void;
  readonly onClose?: () => void;
}

/** What did not work, and what to do about it. */
export function ProblemNote({ problem, onRetry, onClose }: ProblemNoteProps) {
  return (
    <div class="note bad" role="alert">
      <Icon name="warning" />
      <p>
        {problem.message} <Commands text={problem.advice} />
      </p>
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
      {onClose !== undefined && (
        <button type="button" class="quiet only-icon" aria-label="Put this message away" onClick={onClose}>
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
}
