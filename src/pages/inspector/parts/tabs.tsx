import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** A number beside the label; 0 is not shown. */
  readonly count?: number;
  readonly tone?: 'bad' | 'plain';
}

interface TabsProps<Id extends string> {
  readonly name: string;
  /** Says what the tabs choose from, to screen readers. */
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
}

/** Tabs as ARIA's authoring practices have them: arrow keys, Home and End; only the selected one is a stop of the Tab key. */
export function Tabs<Id extends string>({ name, label, tabs, selected, onSelect }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === selected);
    const to = nextTab(event.key, at, tabs.length);
    const tab = to === undefined ? undefined : tabs[to];
    if (tab === undefined) return;
    event.preventDefault();
    onSelect(tab.id);
    list.current?.querySelector<HTMLElement>(`#${name}-tab-${tab.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {tabs.map(({ id, label: text, count = 0, tone = 'plain' }) => (
        <button
          type="button"
          role="tab"
          key={id}
          id={`${name}-tab-${id}`}
          aria-selected={id === selected}
          aria-controls={id === selected ? `${name}-panel` : undefined}
          tabIndex={id === selected ? 0 : -1}
          onClick={() => onSelect(id)}
        >
          {text}
          {count > 0 && <span class={`count ${tone}`}>{count}</span>}
        </button>
      ))}
    </div>
  );
}

function nextTab(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowLeft':
      return (at + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

interface TabPanelProps {
  readonly name: string;
  readonly selected: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** What the selected tab of that name shows. */
export function TabPanel({ name, selected, class: className = '', children }: TabPanelProps) {
  return (
    <div
      class={`panel ${className}`}
      role="tabpanel"
      id={`${name}-panel`}
      aria-labelledby={`${name}-tab-${selected}`}
      tabIndex={0}
    >
      {children}
    </div>
  );
}
