import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromHeaders } from '../../../src/verdicts/cookies/from-headers.ts';
import { createCookieJar } from '../../../src/verdicts/cookies/jar.ts';
import { contextOf } from '../../../src/verdicts/cookies/same-site.ts';
import type { Cookie, CookieJar } from '../../../src/verdicts/cookies/types.ts';
import { isMixedContent } from '../../../src/verdicts/cors/mixed-content.ts';
import type { CookieCase, ExpectedCookie, Head } from '../../oracle/cookie-cases.d.mts';
import { compare, predictCase, requestsOf } from '../../oracle/cookie-cases.mjs';

const FILE = new URL('../../fixtures/oracles/cookies.public.json.gz', import.meta.url);

type Corpus = Head & { readonly cases: readonly CookieCase[] };

function isCorpus(value: unknown): value is Corpus {
  return typeof value === 'object' && value !== null && 'cases' in value && 'recordedAt' in value;
}

function readCorpus(): Corpus {
  const corpus: unknown = JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8'));
  if (!isCorpus(corpus)) throw new Error('not a corpus');
  return corpus;
}

const corpus = readCorpus();
const engine = { createCookieJar, isMixedContent };

describe('what a real Chromium did with cookies', () => {
  it('is recorded in 1155 cases', () => {
    expect(corpus.cases).toHaveLength(1155);
  });

  it('is predicted for every one of them', () => {
    const disagreements = corpus.cases.flatMap((item) => {
      const differences = compare(item, predictCase(engine, item, corpus));
      return differences.length === 0 ? [] : [{ id: item.id, differences }];
    });
    expect(disagreements).toEqual([]);
  });

  it('is compared field by field: a prediction without lines and steps agrees with no case', () => {
    const agreeing = corpus.cases.filter(
      (item) => compare(item, { id: item.id, lines: [], follow: [] }).length === 0,
    );
    expect(agreeing).toEqual([]);
  });
});

const NOW = Date.parse(corpus.recordedAt[0] ?? '');

const identity = ({ name, domain, path, partitionKey }: Cookie | ExpectedCookie): string =>
  JSON.stringify([name, domain, path, partitionKey ?? null]);

/** What both sides say of one cookie; DevTools leaves the default priority out. */
const facts = (cookie: Cookie | ExpectedCookie): unknown => [
  cookie.value,
  cookie.secure,
  cookie.httpOnly,
  cookie.sameSite,
  cookie.sourceScheme,
  cookie.sourcePort,
  cookie.priority ?? 'Medium',
];

describe('the jar afterwards', () => {
  const jarOf = (item: CookieCase): readonly Cookie[] => {
    let jar: CookieJar | undefined;
    const keep: typeof createCookieJar = (options) => {
      jar = createCookieJar(options);
      return jar;
    };
    predictCase({ ...engine, createCookieJar: keep }, { ...item, follow: [] }, corpus);
    return jar?.all(NOW) ?? [];
  };
  /** DevTools writes a name that is not UTF-8 as empty; the model does not. */
  const utf8 = corpus.cases.filter((item) => item.class !== 'chars/bytes');

  it('holds the same cookies with the same attributes', () => {
    for (const item of utf8) {
      const ours = new Map(jarOf(item).map((cookie) => [identity(cookie), facts(cookie)]));
      const theirs = new Map(item.expect.jar.map((cookie) => [identity(cookie), facts(cookie)]));
      expect({ id: item.id, jar: ours }).toEqual({ id: item.id, jar: theirs });
    }
  });

  it('lets each cookie end when the browser does', () => {
    for (const item of utf8) {
      const ours = new Map(jarOf(item).map((cookie) => [identity(cookie), cookie.expires]));
      for (const cookie of item.expect.jar) {
        const end =
          cookie.lifetimeSec === undefined
            ? Date.parse(cookie.expires ?? '')
            : NOW + cookie.lifetimeSec * 1000;
        expect({ id: item.id, end: ours.get(identity(cookie)) }).toEqual({
          id: item.id,
          end: cookie.session ? null : end,
        });
      }
    }
  });
});

describe('what a proxy saw of those requests', () => {
  const seen = corpus.cases.flatMap((item) =>
    item.follow.flatMap((step, at) => {
      const { request, cookieHeader } = item.expect.follow[at] ?? {};
      const truth = requestsOf(step).at(-1);
      if (request === undefined || truth === undefined) return [];
      const navigation = truth.target !== 'subresource';
      const guess = fromHeaders(truth.url, request.method, {
        'sec-ch-ua': '"Chromium";v="156"',
        // The recording left out what every request or every navigation has.
        ...(navigation ? { accept: 'text/html', 'upgrade-insecure-requests': '1' } : {}),
        ...request.headers,
        ...(cookieHeader ? { cookie: cookieHeader } : {}),
      });
      return [{ id: `${item.id} ${at}`, truth: { ...truth, method: request.method }, guess }];
    }),
  );

  it('gives the SameSite context of every request with credentials, or says that the initiator is a guess', () => {
    const wrong = seen.filter(
      ({ truth, guess }) =>
        truth.credentials === true &&
        contextOf(guess.request) !== contextOf(truth) &&
        !guess.uncertain.includes('initiator'),
    );
    expect(wrong).toEqual([]);
  });

  it('gives target and credentials, or says that they are a guess', () => {
    const wrong = seen.filter(
      ({ truth, guess }) =>
        (guess.request.target !== truth.target && !guess.uncertain.includes('target')) ||
        (guess.request.credentials !== truth.credentials && !guess.uncertain.includes('credentials')),
    );
    expect(wrong).toEqual([]);
    expect(seen.filter(({ guess }) => guess.uncertain.includes('credentials')).length).toBeLessThan(
      seen.length / 4,
    );
  });
});
