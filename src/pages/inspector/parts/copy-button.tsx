import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';

const SHOWN_MS = 2000;

interface CopyButtonProps {
  readonly text: string;
  /** What is copied: `curl command`. */
  readonly what: string;
  /** Words on the button; without them it is only an icon. */
  readonly label?: string;
}

/** Copies a text, and says so. */
export function CopyButton({ text, what, label }: CopyButtonProps) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('The browser does not let this page copy'),
    );
  };
  return (
    <span class="copy">
      <button
        type="button"
        class={label === undefined ? 'quiet only-icon' : 'quiet'}
        title={`Copy ${what}`}
        aria-label={`Copy ${what}`}
        onClick={copy}
      >
        <Icon name={said === 'Copied' ? 'check' : 'copy'} />
        {label}
      </button>
      <span class={said === 'Copied' ? 'visually-hidden' : 'said'} role="status">
        {said}
      </span>
    </span>
  );
}
