import type { Sight } from '../watch/sight.ts';
import { shown } from '../watch/words.ts';
import type { KeptBack } from './client-jar.ts';
import type { KeptBackCookie } from './types.ts';

/** Why a cookie of the jar did not go along. */
export function keptBackView(cookie: KeptBack, sight: Sight): KeptBackCookie {
  const { name, domain, path, reasons } = cookie;
  const words = reasons.map((reason) => wordsOf(reason, cookie, sight));
  const why = words.join('; and ');
  return {
    name,
    domain,
    path,
    reasons: reasons.filter((reason) => reason !== 'credentials'),
    why: `${why.slice(0, 1).toUpperCase()}${why.slice(1)}.`,
  };
}

function wordsOf(reason: KeptBack['reasons'][number], { domain, path }: KeptBack, sight: Sight): string {
  const origin = sight.origin;
  const page = origin === null || origin === 'null' ? 'another site' : shown(origin);
  const from = `and the request comes from another site (${page})`;
  const words: Readonly<Record<string, string>> = {
    credentials:
      "the request was made without credentials, and only one with credentials: 'include' takes cookies along",
    DomainMismatch: domain.startsWith('.')
      ? `it is for ${shown(domain.slice(1))} and its subdomains, and the request goes to ${sight.host}`
      : `it has no Domain, so it is for ${shown(domain)} alone, and the request goes to ${sight.host}`,
    NotOnPath: `its Path is ${shown(path)}, which ${shown(sight.path)} is not below`,
    SecureOnly: 'it is Secure, and the request goes over plain http',
    SchemefulSameSiteStrict: `it is SameSite=Strict, ${from}`,
    SchemefulSameSiteLax: `it is SameSite=Lax, ${from}`,
    SchemefulSameSiteUnspecifiedTreatedAsLax: `it has no SameSite, which counts as Lax, ${from}`,
    UserPreferences: `the page is of another site (${page}), and this browser blocks third-party cookies`,
  };
  // The others are about storing.
  return words[reason] ?? reason;
}
