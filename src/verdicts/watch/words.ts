import { withoutSecrets } from '../findings/redact.ts';
import type { Sight } from './sight.ts';

const LONGEST = 120;
const LONGEST_SEGMENT = 40;

/** One line, and nothing that a terminal would act on. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** A text from the wire, fit to be shown: plain, not too long, without tokens. */
export function shown(text: string, longest = LONGEST): string {
  const safe = plain(withoutSecrets(text));
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}

/** Method and path: `POST /auth/login/`. Keys of mailed links, which are long segments, are left out. */
export function requestLine(sight: Sight, method: string = sight.exchange.method): string {
  const path = sight.path
    .split('/')
    .map((segment) => (segment.length > LONGEST_SEGMENT ? '…' : segment))
    .join('/');
  return `${shown(method, 20)} ${shown(path)}`;
}

/** The same with the ids in the path as `:id`, so that one mistake is one finding however many things it happens to. */
export function endpointName(sight: Sight, method: string = sight.exchange.method): string {
  return requestLine(sight, method).replace(ID_SEGMENT, '/:id');
}

/** A number, a UUID, or the like in hexadecimal. */
const ID_SEGMENT = /\/(?:\d+|[\da-f]{8}[\da-f-]{4,}|…)(?=\/|$)/gi;

/** `38 ms`, `94 s`, `5 min`, `2 h`, `3 days`: as a person says it. */
export function duration(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 1) return `${Math.round(Math.abs(ms))} ms`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** `cookie`, `2 cookies`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A cookie's name as it is shown; a nameless one has only a value, which is not. */
export function cookieName(name: string): string {
  return name === '' ? '(a cookie without a name)' : shown(name, 60);
}
