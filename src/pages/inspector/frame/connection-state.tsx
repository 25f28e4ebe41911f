import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-paths.ts';
import { useStore } from '../state/hooks.ts';
import type { Connection } from '../state/store.ts';

const LOOKS: Readonly<
  Record<Connection['kind'], { readonly icon: IconName; readonly text: string; readonly tone: string }>
> = {
  connecting: { icon: 'dash', text: 'connecting', tone: 'plain' },
  live: { icon: 'check', text: 'live', tone: 'good' },
  reconnecting: { icon: 'warning', text: 'reconnecting', tone: 'warn' },
  ended: { icon: 'cross', text: 'ended', tone: 'bad' },
  refused: { icon: 'cross', text: 'another run', tone: 'bad' },
};

/** One word in the header; what to do about it stands in the note below. */
export function ConnectionState() {
  const kind = useStore(({ connection }) => connection.kind);
  const { icon, text, tone } = LOOKS[kind];
  return (
    <span class={`mark connection ${tone}`} role="status">
      <Icon name={icon} />
      {text}
    </span>
  );
}
