/** What is left of a token or a cookie. */
export interface Life {
  readonly state: 'valid' | 'ending' | 'over' | 'endless';
  /** `4 min 59 s left`, `expired 12 s ago`. */
  readonly text: string;
  /** The part of the whole life that is left, 0 to 1; null: the beginning or the end is unknown. */
  readonly left: number | null;
}

const ENDING_MS = 60_000;

/**
 * @param issuedAt ISO 8601; null: unknown.
 * @param expiresAt ISO 8601; null: it does not end by itself.
 * @param now milliseconds since 1970, by the server's clock.
 */
export function lifeOf(issuedAt: string | null, expiresAt: string | null, now: number): Life {
  if (expiresAt === null) return { state: 'endless', text: 'no expiry', left: null };
  const end = Date.parse(expiresAt);
  const left = end - now;
  if (left <= 0) return { state: 'over', text: `expired ${formatSpan(-left)} ago`, left: 0 };
  const whole = issuedAt === null ? 0 : end - Date.parse(issuedAt);
  return {
    state: left < ENDING_MS ? 'ending' : 'valid',
    text: `${formatSpan(left)} left`,
    left: whole > 0 ? Math.min(1, left / whole) : null,
  };
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** The two largest units, rounded down: `6 d 23 h`, `4 min 59 s`, `12 s`. */
export function formatSpan(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0) return '0 s';
  let rest = seconds;
  return UNITS.slice(first, first + 2)
    .map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return { unit, count };
    })
    .filter(({ count }, at) => at === 0 || count > 0)
    .map(({ unit, count }) => `${count} ${unit}`)
    .join(' ');
}
