import type { CookieRequestGuess } from '../cookies/from-headers.ts';
import { createCookieJar } from '../cookies/jar.ts';
import { isFirstParty } from '../cookies/same-site.ts';
import type { Cookie, CookieRequest, CookieResponse, LineVerdict, NotSent } from '../cookies/types.ts';
import { createLru } from '../watch/memory/lru.ts';
import { deletionOf } from './deletion-line.ts';

/** What one exchange showed of a browser's cookies. */
export interface CookieSight {
  /** For each cookie of the request, whether an answer that was seen had set it. */
  readonly known: readonly boolean[];
  readonly keptBack: readonly KeptBack[];
  /** For each Set-Cookie line. */
  readonly verdicts: readonly LineVerdict[];
}

/** `credentials`: it would have gone along, had the request been one with credentials. */
export interface KeptBack extends Omit<NotSent, 'reasons'> {
  readonly reasons: readonly (NotSent['reasons'][number] | 'credentials')[];
}

/** A request and its answer, as far as cookies go. */
export interface CookieExchange {
  readonly id: string;
  readonly host: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly end: number;
  readonly guess: CookieRequestGuess;
  /** Whether it was surely made with or without credentials; null: it does not show. */
  readonly credentialed: boolean | null;
  readonly sent: readonly (readonly [name: string, value: string])[];
  readonly response: Omit<CookieResponse, 'request'>;
}

/** A cookie that the browser should have, and where it is known from. */
export interface HeldCookie {
  readonly cookie: Cookie;
  /** The exchange that set it last. */
  readonly setBy: string | null;
}

/** A cookie that was only ever seen in requests: its attributes are not known. */
export interface StrayCookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
}

/** The jar of one browser, as its traffic shows it. */
export interface ClientJar {
  /** To be told of each exchange, in the order in which they ended. */
  readonly meet: (exchange: CookieExchange) => CookieSight;
  readonly held: (nowMs: number) => readonly HeldCookie[];
  readonly strays: () => readonly StrayCookie[];
}

/** `name`: of the program that it is the jar of. */
export interface NamedJar {
  readonly name: string;
  readonly jar: ClientJar;
}

/** Values that were set, cookies that were set by whom, and cookies that nobody was seen to set. */
const REMEMBERED = 200;
const STRAYS = 50;
/** Requests that set out while an answer was on its way may be without what it brought. */
const ON_ITS_WAY_MS = 100;

export function createClientJar(): ClientJar {
  // The browser's setting is only known of single requests: see `thirdPartyOnly`.
  const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
  /** Who set a cookie last, and when that answer was over. */
  const setters = createLru<string, { readonly id: string; readonly end: number }>(REMEMBERED);
  const values = createLru<string, true>(REMEMBERED);
  const strays = createStrays();
  let clock = 0;
  let isEmpty = true;
  let lastKeptBack: readonly KeptBack[] = [];
  /** The jar's clock must not run backwards, and exchanges come by their end. */
  const moment = (ms: number): number => {
    clock = Math.max(clock, ms);
    return clock;
  };

  const sendOf = (request: CookieRequest, at: number): ReturnType<typeof jar.send> =>
    jar.send(request, moment(at));

  /** What a request with credentials would have carried and did not is gone: deleted by a script, or by a person. */
  const takeOut = ({ at, sent }: CookieExchange, expected: readonly Cookie[]): void => {
    const names = new Set(sent.map(([name]) => name));
    for (const cookie of expected) {
      const setter = setters.get(keyOf(cookie));
      if (names.has(cookie.name) || (setter !== undefined && at < setter.end + ON_ITS_WAY_MS)) continue;
      const { url, line } = deletionOf(cookie);
      const request: CookieRequest = {
        url,
        method: 'GET',
        target: 'subresource',
        initiator: new URL(url).origin,
        topLevel: cookie.partitionKey?.topLevelSite ?? new URL(url).origin,
        frames: cookie.partitionKey?.hasCrossSiteAncestor === true ? ['null'] : [],
        credentials: true,
      };
      jar.receive({ request, setCookie: [line] }, clock);
    }
  };

  const receive = ({ id, end, guess, credentialed, response }: CookieExchange): readonly LineVerdict[] => {
    if (response.setCookie.length === 0 && (response.clearSiteData ?? []).length === 0) return NO_VERDICTS;
    const now = moment(end);
    // Without credentials the engine looks at no line, whatever the browser thinks of third parties.
    const request = { ...guess.request, credentials: credentialed ?? guess.request.credentials };
    const verdicts =
      blocksThirdParty(guess) && request.credentials !== false
        ? thirdPartyOnly(request, response, now)
        : jar.receive({ ...response, request }, now);
    isEmpty = false;
    for (const { verdict, cookie } of verdicts) {
      if (cookie === undefined || verdict === 'blocked') continue;
      values.set(`${cookie.name}=${cookie.value}`, true);
      strays.settle(cookie);
      if (verdict === 'stored') setters.set(keyOf(cookie), { id, end });
    }
    return verdicts;
  };

  /** A browser that blocks third-party cookies stores the partitioned ones alone: each line is judged for it, the jar gets those. */
  const thirdPartyOnly = (
    request: CookieRequest,
    response: CookieExchange['response'],
    now: number,
  ): readonly LineVerdict[] => {
    const strict = createCookieJar({ thirdPartyCookies: 'blocked' });
    const judged = strict.receive({ ...response, request }, now);
    const setCookie = response.setCookie.filter((_, line) => judged[line]?.verdict !== 'blocked');
    jar.receive({ ...response, setCookie, request }, now);
    return judged;
  };

  return {
    meet: (exchange) => {
      const { guess, credentialed, sent, host } = exchange;
      const { request } = guess;
      const whole = { ...request, credentials: true } as const;
      const verdict = isEmpty || request.preflight === true ? null : sendOf(whole, exchange.at);
      const blocked = blocksThirdParty(guess);
      const due = verdict?.sent.filter(({ partitionKey }) => !blocked || partitionKey !== null) ?? [];
      const known = sent.map(([name, value]) => values.get(`${name}=${value}`) === true);
      let keptBack: readonly KeptBack[] = [];
      if (credentialed === true) {
        const third = verdict?.sent.filter(({ partitionKey }) => blocked && partitionKey === null) ?? [];
        keptBack = [
          ...third.map((cookie) => keptBackOf(cookie, 'UserPreferences')),
          ...(verdict?.notSent ?? []),
        ];
        takeOut(exchange, due);
        strays.seen(
          host,
          sent.filter((_, at) => known[at] === false),
        );
      } else if (credentialed === false) {
        keptBack = due.map((cookie) => keptBackOf(cookie, 'credentials'));
      }
      // Mostly the same as the time before: ten thousand exchanges share a few of these.
      if (!isEqual(keptBack, lastKeptBack)) lastKeptBack = keptBack;
      return { known, keptBack: lastKeptBack, verdicts: receive(exchange) };
    },
    held: (nowMs) =>
      jar.all(nowMs).map((cookie) => ({ cookie, setBy: setters.get(keyOf(cookie))?.id ?? null })),
    strays: strays.all,
  };
}

const NO_VERDICTS: readonly LineVerdict[] = [];

function blocksThirdParty({ request, thirdPartyCookies }: CookieRequestGuess): boolean {
  return thirdPartyCookies === 'blocked' && !isFirstParty(request);
}

function keptBackOf({ name, domain, path }: Cookie, reason: KeptBack['reasons'][number]): KeptBack {
  return { name, domain, path, reasons: [reason] };
}

function isEqual(one: readonly KeptBack[], other: readonly KeptBack[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, domain, path, reasons }, at) => {
      const same = other[at];
      return (
        same?.name === name &&
        same.domain === domain &&
        same.path === path &&
        same.reasons.join() === reasons.join()
      );
    })
  );
}

function keyOf({ name, domain, path, partitionKey }: Cookie): string {
  return JSON.stringify([name, domain, path, partitionKey]);
}

interface Strays {
  /** The cookies of a request that nobody was seen to set, which are all that its host has. */
  readonly seen: (host: string, cookies: CookieExchange['sent']) => void;
  /** Now somebody did. */
  readonly settle: (cookie: Cookie) => void;
  readonly all: () => readonly StrayCookie[];
}

/** By host and name: what was set before the environment began, or by a script of the page. */
function createStrays(): Strays {
  let strays: readonly StrayCookie[] = [];
  return {
    seen: (host, cookies) => {
      if (cookies.length === 0 && strays.length === 0) return;
      const now = cookies.map(([name, value]) => ({ name, value, host }));
      // A request shows all that its path gets; one that is not in it may have another path.
      const others = strays.filter(
        (stray) => stray.host !== host || !now.some(({ name }) => name === stray.name),
      );
      strays = [...others, ...now].slice(-STRAYS);
    },
    settle: ({ name, domain }) => {
      const parent = domain.replace(/^\./, '');
      strays = strays.filter(
        (stray) => stray.name !== name || (stray.host !== parent && !stray.host.endsWith(`.${parent}`)),
      );
    },
    all: () => strays,
  };
}
