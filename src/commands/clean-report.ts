import type { CleanItem, CleanStatus } from '../clean/types.ts';
import { formatTable } from './table.ts';

const STATUS_TEXT: Readonly<Record<CleanStatus, string>> = {
  found: '',
  removed: 'removed',
  'needs-privilege': 'needs root',
  failed: 'failed',
  kept: 'stays',
};

/** One line for each thing, and below them what is left for the user to type. */
export function formatItems(items: readonly CleanItem[]): string {
  const isList = items.every(({ status }) => status === 'found');
  const rows = items.map(({ status, label, location, why }) => [
    ...(isList ? [] : [STATUS_TEXT[status]]),
    label,
    why === null ? location : `${location} (${why})`,
  ]);
  const commands = items.flatMap((item) => item.commands);
  return commands.length === 0
    ? formatTable(rows)
    : `${formatTable(rows)}\n\nTo do by hand:\n${commands.map((line) => `  ${line}`).join('\n')}`;
}
