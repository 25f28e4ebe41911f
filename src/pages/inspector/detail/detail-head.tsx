import { useEffect, useRef } from 'preact/hooks';
import { toCurl } from '../model/curl.ts';
import { statusClass } from '../model/filter.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Switch } from '../parts/switch.tsx';
import type { ExchangeDetail } from '../shapes.ts';

interface DetailHeadProps {
  readonly detail: ExchangeDetail | undefined;
  readonly isRevealed: boolean;
  readonly onReveal: (isOn: boolean) => void;
  readonly onClose: () => void;
}

/** Which exchange it is, and what can be done with it. */
export function DetailHead({ detail, isRevealed, onReveal, onClose }: DetailHeadProps) {
  const back = useRef<HTMLButtonElement>(null);
  // On a phone the list is gone: the focus comes along.
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.checkVisibility() === false)
      back.current?.focus();
  }, []);
  return (
    <header class="detail-head">
      <button
        type="button"
        class="quiet only-icon"
        ref={back}
        aria-label="Back to the list"
        title="Back (Esc)"
        onClick={onClose}
      >
        <Icon name="back" />
      </button>
      <h2>
        {detail !== undefined && (
          <>
            <span class="method">{detail.method}</span>{' '}
            <span class={`status s${statusClass(detail.status)}`}>
              {detail.status === 0 ? 'no answer' : detail.status}
            </span>{' '}
            <span class="detail-url">
              {detail.host}
              {detail.path}
            </span>
          </>
        )}
      </h2>
      <span class="push">
        {detail !== undefined && (
          <CopyButton
            text={toCurl(detail)}
            what={isRevealed ? 'as curl, with its secrets' : 'as curl, without secrets'}
            label="curl"
          />
        )}
        <Switch
          label="Reveal"
          title="Show the values of cookies and tokens of this exchange"
          isOn={isRevealed}
          onChange={onReveal}
        />
      </span>
    </header>
  );
}
