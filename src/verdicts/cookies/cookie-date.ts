// RFC 6265bis 5.1.1 describes a lenient date; Chromium's reading differs from it in details (which separators there
// are, years of up to five digits, no limit at 1601), and the details decide between "session" and "deleted".
const DELIMITERS = /[\t !"#$%&'()*+,\-./;<=>?@[\\\]^_`{|}~]+/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
// Leading zeros do not count, in whatever number; anything but digits spoils the token.
const TIME = /^(\d+):(\d+):(\d+)$/;
/** Numbers beyond 32 bits spoil the token, too: a later time may still count. Merely wrong ones (25:00:00) do not. */
const MAX_INT = 2 ** 31 - 1;
const NUMBER = /^\d{1,5}$/;

interface Found {
  day?: number;
  month?: number;
  year?: number;
  time?: readonly [number, number, number];
}

/** Each kind of token counts once, the first time it is met. */
function readToken(token: string, found: Found): void {
  if (!/^\d/.test(token)) {
    const month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
    if (month >= 0) found.month ??= month;
  } else if (token.includes(':')) {
    const [, hour, minute, second] = (TIME.exec(token) ?? []).map(Number);
    if (hour === undefined || minute === undefined || second === undefined) return;
    if (Math.max(hour, minute, second) <= MAX_INT) found.time ??= [hour, minute, second];
  } else if (NUMBER.test(token)) {
    if (found.day === undefined && token.length <= 2) found.day = Number(token);
    else found.year ??= Number(token);
  }
}

function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}

/** Milliseconds since 1970, or `null` if this is not a date (then the cookie is a session cookie). */
export function parseCookieDate(text: string): number | null {
  const found: Found = {};
  for (const token of text.split(DELIMITERS)) if (token !== '') readToken(token, found);
  const { day, month, year, time } = found;
  if (day === undefined || month === undefined || year === undefined || time === undefined) return null;
  const [hour, minute, second] = time;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(fullYear(year), month, day);
  // 31 February is no date, rather than 3 March.
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return null;
  date.setUTCHours(hour, minute, second);
  return date.getTime();
}
