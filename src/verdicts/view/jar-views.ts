import type { Cookie } from '../cookies/types.ts';
import type { NamedJar } from './client-jar.ts';
import { decodeToken } from './jwt.ts';
import type { Redaction } from './redaction.ts';
import { tokenView } from './token-views.ts';
import type { JarCookie, JarView } from './types.ts';

/** The jars, each with a name of its own: two browsers of one kind differ in their language, which says nothing here. */
export function jarViews(jars: readonly NamedJar[], nowMs: number, redaction: Redaction): readonly JarView[] {
  const counts = new Map<string, number>();
  return jars.flatMap(({ name, jar }) => {
    const cookies = [
      ...jar.held(nowMs).map(({ cookie, setBy }) => jarCookieOf(cookie, setBy, redaction)),
      ...jar.strays().map((stray) => ({
        ...UNKNOWN,
        ...valueOf(stray.value, redaction),
        name: stray.name,
        domain: stray.host,
      })),
    ];
    if (cookies.length === 0) return [];
    const program = name === '' ? 'unnamed' : name;
    const count = (counts.get(program) ?? 0) + 1;
    counts.set(program, count);
    return [{ client: count === 1 ? program : `${program} (${count})`, cookies }];
  });
}

/** What a request does not say of its cookies. */
const UNKNOWN = {
  hostOnly: true,
  path: '/',
  secure: false,
  httpOnly: false,
  sameSite: 'unknown',
  partition: null,
  expiresAt: null,
  setBy: null,
} as const;

/** A cookie of the engine's jar as the page shows it. `setBy`: the exchange that set it. */
export function jarCookieOf(cookie: Cookie, setBy: string | null, redaction: Redaction): JarCookie {
  return {
    name: cookie.name,
    ...valueOf(cookie.value, redaction),
    domain: cookie.domain.replace(/^\./, ''),
    hostOnly: !cookie.domain.startsWith('.'),
    path: cookie.path,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite,
    partition: cookie.partitionKey?.topLevelSite ?? null,
    expiresAt: cookie.expires === null ? null : new Date(cookie.expires).toISOString(),
    setBy,
  };
}

function valueOf(value: string, redaction: Redaction): Pick<JarCookie, 'value' | 'token'> {
  const token = decodeToken(value);
  return {
    value: redaction.cookieValue(value),
    token: token === null ? null : tokenView(token, redaction),
  };
}
