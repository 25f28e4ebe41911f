import type { Mark as MarkOf } from '../model/marks.ts';
import { Icon } from './icon.tsx';

/** A verdict as an icon and a word. */
export function Mark({ icon, tone, text, title }: MarkOf) {
  return (
    <span class={`mark ${tone}`} title={title}>
      <Icon name={icon} />
      {text}
    </span>
  );
}
