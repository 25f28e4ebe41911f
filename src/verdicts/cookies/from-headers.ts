import { parseUrl, siteOf } from './site.ts';
import type { CookieRequest, CookieTarget, ThirdPartyCookies } from './types.ts';

/** Lower-case header names to values, as in Node's `IncomingMessage.headers`. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the headers do not prove. A verdict that hangs on one of these has to say "if". */
export type Uncertainty = 'target' | 'initiator' | 'topLevel' | 'credentials';

export interface CookieRequestGuess {
  readonly request: CookieRequest;
  readonly uncertain: readonly Uncertainty[];
  /** The browser's third-party setting, where `Sec-Fetch-Storage-Access` gives it away. */
  readonly thirdPartyCookies?: ThirdPartyCookies;
}

interface Facts {
  readonly url: URL;
  readonly method: string;
  /** `Sec-Fetch-Site`, absent for plain http beyond this computer and for WebSockets. */
  readonly site: string | undefined;
  readonly mode: string | undefined;
  readonly dest: string | undefined;
  readonly storageAccess: string | undefined;
  readonly origin: string | undefined;
  readonly referer: string | undefined;
  readonly header: (name: string) => string | undefined;
}

const FRAME_DESTINATIONS = new Set(['iframe', 'frame', 'fencedframe', 'object', 'embed']);

function factsOf(url: string, method: string, headers: RequestHeaders): Facts {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value : value?.[0];
  };
  return {
    url: new URL(url),
    method: method.toUpperCase(),
    site: header('sec-fetch-site'),
    mode: header('sec-fetch-mode'),
    dest: header('sec-fetch-dest'),
    storageAccess: header('sec-fetch-storage-access'),
    origin: header('origin'),
    referer: header('referer'),
    header,
  };
}

const isWebSocket = ({ url, header }: Facts): boolean =>
  url.protocol.startsWith('ws') || header('upgrade')?.toLowerCase() === 'websocket';

function targetOf(facts: Facts): readonly [CookieTarget, certain: boolean] {
  const { dest, mode, header } = facts;
  if (isWebSocket(facts)) return ['subresource', true];
  if (dest === 'document') return ['top-level', true];
  if (dest !== undefined) {
    return [mode === 'navigate' && FRAME_DESTINATIONS.has(dest) ? 'frame' : 'subresource', true];
  }
  // Without Sec-Fetch-Dest: browsers ask for an upgrade to https when they navigate, tabs and frames alike.
  const navigates =
    header('upgrade-insecure-requests') === '1' && (header('accept') ?? '').includes('text/html');
  return [navigates ? 'top-level' : 'subresource', false];
}

/**
 * Who started it. `Sec-Fetch-Site` of a redirected request speaks of the whole chain, the cookie rules do not, so
 * Origin and Referer come first.
 */
function initiatorOf(facts: Facts, target: CookieTarget): readonly [string | null, certain: boolean] {
  const { origin, referer, site, url } = facts;
  if (site === 'none') return [null, true];
  if (origin !== undefined && origin !== 'null') return [origin, true];
  const from = parseUrl(referer ?? '');
  if (from !== null) return [from.origin, true];
  if (origin === 'null') return ['null', true];
  // Referrer-Policy: no-referrer, or https to http.
  if (site === 'cross-site') return ['null', false];
  if (site === 'same-origin' || site === 'same-site') return [url.origin, site === 'same-origin'];
  return [target === 'top-level' ? null : url.origin, false];
}

/** Chromium (133 and later) names the storage access of every credentialed third-party request over https. */
const namesStorageAccess = ({ header, site }: Facts): boolean =>
  site !== undefined && (header('sec-ch-ua') ?? '').includes('"Chromium"');

function credentialsOf(
  facts: Facts,
  target: CookieTarget,
  initiator: string | null,
): readonly [CookieRequest['credentials'], certain: boolean] {
  const { url, site, mode, dest, storageAccess, header } = facts;
  if (target !== 'subresource' || isWebSocket(facts)) return [true, true];
  if (header('cookie') !== undefined || storageAccess !== undefined) return [true, true];
  // Classic subresources (images, scripts without crossorigin) always carry cookies; only fetch has a choice.
  if (mode === 'no-cors' && dest !== 'empty') return [true, true];
  // By the page that began it: a detour through another site makes Sec-Fetch-Site say cross-site, too.
  const thirdParty = site === 'cross-site' && siteOf(initiator ?? url) !== siteOf(url);
  if (thirdParty && namesStorageAccess(facts)) return [false, true];
  if (site === 'same-origin') return [true, false];
  return ['unknown', false];
}

/** The page around it. Storage access is only spoken of when that page is of another site. */
function topLevelOf(
  facts: Facts,
  target: CookieTarget,
  initiator: string | null,
): readonly [topLevel: string, certain: boolean] {
  if (target === 'top-level') return [facts.url.origin, true];
  const page = initiator ?? facts.url.origin;
  const unmasked = facts.storageAccess !== undefined && siteOf(page) === siteOf(facts.url);
  // Certain in neither case: a frame looks like a page.
  return [unmasked ? 'null' : page, false];
}

const SETTING = new Map<string | undefined, ThirdPartyCookies>([
  ['active', 'allowed'],
  ['inactive', 'blocked'],
  ['none', 'blocked'],
]);

/**
 * The best-known `CookieRequest` behind a request as a proxy sees it, and what about it is a guess.
 * `url` is absolute (as the browser asked, not as forwarded). Throws a `TypeError` if it is none.
 */
export function fromHeaders(url: string, method: string, headers: RequestHeaders): CookieRequestGuess {
  const facts = factsOf(url, method, headers);
  const [target, targetCertain] = targetOf(facts);
  const [initiator, initiatorCertain] = initiatorOf(facts, target);
  const [topLevel, topLevelCertain] = topLevelOf(facts, target, initiator);
  const [credentials, credentialsCertain] = credentialsOf(facts, target, initiator);
  const preflight =
    facts.method === 'OPTIONS' &&
    facts.origin !== undefined &&
    facts.header('access-control-request-method') !== undefined;
  const certain: readonly (readonly [Uncertainty, boolean])[] = [
    ['target', targetCertain],
    ['initiator', initiatorCertain],
    ['topLevel', topLevelCertain],
    ['credentials', credentialsCertain || preflight],
  ];
  const setting = SETTING.get(facts.storageAccess);
  return {
    request: {
      url,
      method: facts.method,
      target,
      initiator,
      topLevel,
      frames: topLevel === 'null' && initiator !== null ? [initiator] : [],
      credentials: preflight ? false : credentials,
      preflight,
    },
    uncertain: certain.filter(([, sure]) => !sure).map(([name]) => name),
    ...(setting === undefined ? {} : { thirdPartyCookies: setting }),
  };
}
