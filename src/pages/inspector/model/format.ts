/** `7 ms`, `1.24 s`, `1 min 5 s`: how long an exchange took. */
export function formatDuration(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.995) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `0 B`, `981 B`, `1.2 kB`, `3.4 MB`: decimal, as in the network panels of browsers. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let at = 0;
  // What would be written as 1000.0 belongs to the next unit.
  while (value >= 999.95 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${value.toFixed(1)} ${units[at]}`;
}

/** `14:03:21.007`, in the reader's time zone. */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  return `${formatClock(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `2026-11-23 14:03:21`, in the reader's time zone. */
export function formatDateTime(iso: string): string {
  const date = new Date(iso);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${day.map((part) => String(part).padStart(2, '0')).join('-')} ${formatClock(date)}`;
}

function formatClock(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** `1 cookie`, `2 cookies`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** With a comma between the thousands, whatever the reader's language: the page is in English. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}
