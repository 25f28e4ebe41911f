import type { Route, Upstream } from './types.ts';

export interface PathTable {
  /**
   * The upstream for a request target (path and query). undefined: servers do not agree on which path that is,
   * and the readings lead to different upstreams.
   */
  find(target: string): Upstream | undefined;
}

/** What servers read differently: escapes, backslashes, parameters, fragments, doubled slashes, dot segments. */
const AMBIGUOUS = /[%\\;#]|\/(?:\/|\.\.?(?:[/?]|$))/;

/** No server's own paths come near; reading a longer one in every way would hold other requests up. */
const LONGEST_AMBIGUOUS = 4_096;

/**
 * The path prefixes of one host. A prefix matches itself and what lies below it (`/api`: `/api`, `/api/x`, `/api?y`, not
 * `/apix`), the longest one first, on the path's bytes as they were sent: letter case counts and nothing is decoded.
 *
 * Nothing is normalised on the way to an upstream either, so a path like `/x/..%2fapi` could be for one upstream here and
 * for another in the eyes of the server that gets it. Such a path is looked up in every way in which servers commonly
 * read it; unless all agree on the upstream, it is refused, and so is one that leads upwards among other oddities.
 * (RFC 3986, section 6.2.2; the URL Standard, which browsers follow, resolves dot segments before it sends anything, so
 * that only hand-made requests meet this.)
 */
export function createPathTable(route: Route): PathTable {
  const entries = route.paths
    .map(({ prefix, upstream }) => ({
      prefix: prefix.replace(/[^\x21-\x7e]+/g, encodeURIComponent),
      upstream,
    }))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  const isDivided = entries.some(({ upstream }) => upstream !== route.upstream);
  // A prefix that is itself written with escapes is read in the same way as the path.
  const readings = READINGS.map((read) => ({
    read,
    entries: entries.map(({ prefix, upstream }) => ({ prefix: read(prefix), upstream })),
  }));
  return {
    find: (target) => {
      const upstream = longest(entries, target) ?? route.upstream;
      if (!AMBIGUOUS.test(target)) return upstream;
      const path = /^[^?]*/.exec(target)?.[0] ?? '';
      if (path.length > LONGEST_AMBIGUOUS || (isDivided && climbsOddly(path))) return undefined;
      const agreed = readings.every(
        ({ read, entries: known }) => (longest(known, read(path)) ?? route.upstream) === upstream,
      );
      return agreed ? upstream : undefined;
    },
  };
}

/**
 * Whether a segment leads upwards, in whatever spelling, beside what servers read differently. Which segment it takes
 * away then depends on what else is a separator or a dot, and on the order of a server's steps: too many readings to try.
 */
function climbsOddly(path: string): boolean {
  return /[%\\;#]|\/\//.test(path) && /[/\\;#]\.\.(?:[/\\;#?]|$)/.test(decoded(decoded(path)));
}

function longest(
  entries: readonly { readonly prefix: string; readonly upstream: Upstream }[],
  target: string,
): Upstream | undefined {
  for (const { prefix, upstream } of entries) {
    if (!target.startsWith(prefix)) continue;
    const next = target[prefix.length];
    if (next === undefined || next === '/' || next === '?') return upstream;
  }
  return undefined;
}

type Reading = (path: string) => string;

const asSent: Reading = (path) => path;
const withSlashes: Reading = (path) => path.replaceAll('\\', '/');
/** By bytes: what a prefix is compared with needs no characters beyond. */
const decoded: Reading = (path) =>
  withSlashes(
    path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
const withoutFragment: Reading = (path) => path.replace(/#.*$/s, '');
/** Servlet containers take `;…` off each segment (Jakarta Servlet 6, section 3.5.2). */
const withoutParameters: Reading = (path) => path.replace(/;[^/]*/g, '');
const merged: Reading = (path) => path.replace(/\/{2,}/g, '/');

/** RFC 3986, section 5.2.4. */
function resolvedBy(dotsOf: (segment: string) => string): Reading {
  return (path) => {
    const segments: string[] = [];
    for (const segment of path.split('/').slice(1)) {
      const dots = dotsOf(segment);
      if (dots === '..') segments.pop();
      else if (dots !== '.') segments.push(segment);
    }
    return `/${segments.join('/')}`;
  };
}

/** `%2e` is a dot for browsers and whoever follows them (URL Standard, "double-dot path segment"), a name for others. */
const resolved = resolvedBy((segment) => segment.replace(/%2e/gi, '.'));
const resolvedLiterally = resolvedBy((segment) => segment);

function inTurn(...steps: readonly Reading[]): Reading {
  return (path) => steps.reduce((text, step) => step(text), path);
}

/** `new URL(target, base)` takes what follows two slashes for a host (URL Standard, "special authority ignore slashes"). */
const asReference: Reading = (path) => withSlashes(path).replace(/^\/{2,}[^/]*/, '') || '/';

const READINGS: readonly Reading[] = [
  asSent,
  withSlashes,
  decoded,
  inTurn(decoded, decoded),
  asReference,
  inTurn(asReference, decoded),
]
  .flatMap((first) => [first, inTurn(first, withoutFragment)])
  .flatMap((first) => [first, inTurn(first, withoutParameters)])
  .flatMap((first) => [
    first,
    inTurn(first, merged),
    inTurn(first, resolved),
    inTurn(first, merged, resolved),
    inTurn(first, resolved, merged),
    inTurn(first, resolvedLiterally),
    inTurn(first, merged, resolvedLiterally),
  ]);
