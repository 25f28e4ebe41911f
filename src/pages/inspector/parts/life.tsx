import { lifeOf } from '../model/remaining.ts';
import { useNow } from '../state/hooks.ts';
import { Icon } from './icon.tsx';

interface LifeProps {
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
}

const ICONS = { valid: 'check', ending: 'warning', over: 'cross', endless: 'dash' } as const;

/** What is left of a token or a cookie, second by second. */
export function Life({ issuedAt, expiresAt }: LifeProps) {
  const { state, text, left } = lifeOf(issuedAt, expiresAt, useNow());
  return (
    <span class={`life ${state}`}>
      <Icon name={ICONS[state]} />
      <span class="life-text">{text}</span>
      {left !== null && (
        <span class="life-bar" aria-hidden="true">
          <span style={{ width: `${(left * 100).toFixed(1)}%` }} />
        </span>
      )}
    </span>
  );
}
