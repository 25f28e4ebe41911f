import { isAscii } from './bytes.ts';
import { cookieDomain } from './domain.ts';
import { expiryOf } from './lifetime.ts';
import { parseLine } from './parse-set-cookie.ts';
import { isPartitionedValid } from './partition.ts';
import { cookiePath } from './path.ts';
import { keepsPrefix } from './prefix.ts';
import type { CookieReason, CookieWarning, SilentReason } from './reasons.ts';
import { isCryptographic, portOf } from './site.ts';
import type { Moment, StoredCookie } from './stored-cookie.ts';
import type { CookieRequest, PartitionKey } from './types.ts';

export type CreateResult =
  | { readonly cookie: StoredCookie; readonly warnings: readonly CookieWarning[] }
  | {
      readonly cookie?: undefined;
      readonly reasons: readonly CookieReason[];
      readonly silentReason?: SilentReason;
      readonly warnings: readonly CookieWarning[];
    };

/** What all lines of one answer have in common. */
export interface Answer {
  readonly request: CookieRequest;
  /** The request's URL, read once. */
  readonly url: URL;
  /** Where its `Partitioned` cookies go. */
  readonly partition: PartitionKey;
  /** The answer's Date header. */
  readonly serverDate: string | undefined;
}

/** A Secure cookie set by http://localhost is filed as if it came over https, default port included. */
function sourceOf(url: URL, secure: boolean): Pick<StoredCookie, 'sourceScheme' | 'sourcePort'> {
  const port = portOf(url);
  const lifted = secure && !isCryptographic(url) && port === 80;
  return {
    sourceScheme: secure || isCryptographic(url) ? 'Secure' : 'NonSecure',
    sourcePort: lifted ? 443 : port,
  };
}

/**
 * The first half of the storage model: what the line says, held against the URL alone. A line that fails here never
 * reaches the rules about settings, sites and existing cookies. RFC 6265bis 5.6 and 5.7.
 */
export function createCookie(
  line: string,
  { url, partition, serverDate }: Answer,
  now: Moment,
): CreateResult {
  const result = parseLine(line);
  if (!result.ok) return { reasons: [result.reason], warnings: [] };
  const { parsed } = result;
  const { attributes } = parsed;
  const warnings: CookieWarning[] = [...parsed.warnings];
  if (!isAscii(attributes.domain ?? '')) warnings.push('WarnDomainNonASCII');

  const domain = cookieDomain(url.hostname, attributes.domain);
  const reasons: CookieReason[] = [];
  if (domain === null) reasons.push('InvalidDomain');
  if (!keepsPrefix(parsed, url)) reasons.push('InvalidPrefix');
  const partitionedInsecure = attributes.partitioned && !isPartitionedValid(attributes.secure, url);
  if (domain === null || reasons.length > 0) return { reasons, warnings };
  if (partitionedInsecure) return { reasons, silentReason: 'PartitionedInsecure', warnings };
  if (parsed.name === '' && parsed.value.includes('=')) {
    return { reasons, silentReason: 'NamelessWithEquals', warnings };
  }
  const { secure, httpOnly, sameSite, priority } = attributes;
  const cookie: StoredCookie = {
    name: parsed.name,
    value: parsed.value,
    domain,
    path: cookiePath(url.pathname, attributes.path),
    secure,
    httpOnly,
    sameSite,
    priority,
    expires: expiryOf(attributes.maxAge, attributes.expires, now.ms, serverDate),
    ...sourceOf(url, secure),
    partitionKey: attributes.partitioned ? partition : null,
    created: now,
    lastAccess: now,
  };
  return { cookie, warnings };
}
