import { mayUseSecure } from '../cookies/site.ts';

/** The serialised origin of a URL; `null` for one without (Chromium's url::Origin::Serialize). */
export function originOf(url: URL): string {
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : 'null';
}

/** HTML, "same origin", of serialised origins: an opaque one is the same as none, not even itself. */
export function isSameOrigin(a: string, b: string): boolean {
  return a !== 'null' && a === b;
}

/** Secure Contexts §3.1, "Is origin potentially trustworthy?": https, or a host of this machine. */
export const isTrustworthyUrl = mayUseSecure;

export function hasUserinfo(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

/** `URL.parse`, which Node 20 does not have. */
export function parseUrl(text: string, base?: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}
