import { JwtDevError } from '../errors.ts';

/**
 * `5s`, `500ms`, `1m` or a plain number of seconds, in milliseconds.
 * @param option as the user typed it, for the message.
 * @throws JwtDevError ERR_USAGE
 */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d{1,6})(ms|s|m)?$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000 }[match?.[2] ?? 's'];
  if (match === null || unit === undefined) {
    throw new JwtDevError('ERR_USAGE', `${option} ${text} is not a time`, {
      hint: 'Write it as 5s, 500ms or 1m.',
    });
  }
  return Number(match[1]) * unit;
}
