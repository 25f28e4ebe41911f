import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SILENCEABLE_CODES } from '../../../src/config/finding-codes.ts';
import type { ConfigOverrides } from '../../../src/config/overrides.ts';
import { type Resolved, type ResolveInput, resolveConfig } from '../../../src/config/resolve.ts';
import { JwtDevError } from '../../../src/errors.ts';
import { FINDING_CODES } from '../../../src/verdicts/findings/table.ts';

const input = (
  raw: unknown,
  overrides: ConfigOverrides = {},
  env: ResolveInput['env'] = {},
): ResolveInput => ({
  raw,
  file: raw === undefined ? null : '/project/jwt-dev.config.json',
  projectDir: '/project',
  stateDir: '/state/project-1',
  defaultHostsFile: '/etc/hosts',
  overrides,
  env,
});

const resolve = (raw: unknown, overrides?: ConfigOverrides, env?: ResolveInput['env']): Resolved =>
  resolveConfig(input(raw, overrides, env));

/** The mistakes of a configuration, or an empty list where it is accepted. */
function mistakes(raw: unknown, overrides?: ConfigOverrides, env?: ResolveInput['env']): readonly string[] {
  try {
    resolve(raw, overrides, env);
    return [];
  } catch (error) {
    if (error instanceof JwtDevError && error.code === 'ERR_CONFIG_INVALID') return error.details;
    throw error;
  }
}

describe('defaults', () => {
  test('no file means example.com, api.example.com, 443 and 80 on loopback', () => {
    const { config, warnings } = resolve(undefined);
    expect(config.site).toBe('example.com');
    expect(config.frontend).toEqual({ hostname: 'example.com', upstream: { kind: 'bundled' }, paths: [] });
    expect(config.api).toEqual({ hostname: 'api.example.com', upstream: { kind: 'bundled' }, paths: [] });
    expect(config.listen).toEqual({
      httpsPort: 443,
      httpPort: 80,
      addresses: ['127.0.0.1', '::1'],
      strictPort: false,
      fallback: 'ask',
      rootless: false,
      proxyPort: 0,
    });
    expect(config.auth.cookies).toEqual({
      accessName: 'jwt-access-token',
      refreshName: 'jwt-refresh-token',
      domain: null,
      path: '/',
      refreshPath: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
    });
    expect(config.auth.tokens.accessSeconds).toBe(300);
    expect(config.auth.tokens.refreshSeconds).toBe(86_400);
    expect(warnings).toEqual([]);
  });

  test('a frontend host of its own gets an API below it', () => {
    expect(resolve({ frontend: { host: 'shop.test' } }).config.api.hostname).toBe('api.shop.test');
  });

  test('no field of the resolved configuration is undefined', () => {
    const walk = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(walk) : [value];
    expect(walk(resolve({}).config)).not.toContain(undefined);
  });
});

describe('upstreams', () => {
  test.each([
    [5173, { kind: 'port', port: 5173 }],
    ['http://127.0.0.1:3000', { kind: 'url', url: 'http://127.0.0.1:3000', caFile: null }],
    [{ directory: 'dist' }, { kind: 'static', directory: '/project/dist', spa: true }],
    [
      { directory: '/srv/site', spa: false },
      { kind: 'static', directory: '/srv/site', spa: false },
    ],
    [
      { url: 'https://127.0.0.1:8001', ca: 'ca.pem' },
      { kind: 'url', url: 'https://127.0.0.1:8001', caFile: '/project/ca.pem' },
    ],
    [
      { command: 'npm run dev' },
      { kind: 'command', command: 'npm run dev', port: null, cwd: '/project', env: {} },
    ],
    [
      { command: ['node', 'a b.mjs'], port: 3000, cwd: 'web', env: { A: '1' } },
      { kind: 'command', command: ['node', 'a b.mjs'], port: 3000, cwd: '/project/web', env: { A: '1' } },
    ],
    ['bundled', { kind: 'bundled' }],
  ])('%j, short and long', (written, upstream) => {
    expect(resolve({ frontend: written }).config.frontend).toEqual({
      hostname: 'example.com',
      upstream,
      paths: [],
    });
    expect(
      resolve({ frontend: { host: 'www.example.com', upstream: written }, api: 8000 }).config.frontend,
    ).toEqual({
      hostname: 'www.example.com',
      upstream,
      paths: [],
    });
  });
});

describe('path prefixes', () => {
  test('the longest comes first, none ends with a slash, and each has an upstream of its own', () => {
    const { config } = resolve({
      frontend: { upstream: 5173, paths: { '/api/': 8000, '/api/media': { directory: 'media' } } },
      extraHosts: [{ host: 'x.example.com', upstream: 1, paths: { '/a': 'bundled' } }],
    });
    expect(config.frontend.paths).toEqual([
      { prefix: '/api/media', upstream: { kind: 'static', directory: '/project/media', spa: true } },
      { prefix: '/api', upstream: { kind: 'port', port: 8000 } },
    ]);
    expect(config.extraHosts[0]?.paths).toEqual([{ prefix: '/a', upstream: { kind: 'bundled' } }]);
  });

  test.each([
    [{ '/': 8000 }, 'expected a path'],
    [{ 'api/': 8000 }, 'expected a path'],
    [{ '/a?b': 8000 }, 'expected a path'],
    [{ '/a': 443 }, 'round in a circle'],
    [{ '/a': 'http://127.0.0.1:1/x' }, 'scheme, host and port only'],
    [{ '/a': { command: '' } }, 'expected'],
    [{ '/a': 1, '/a/': 2 }, 'is used twice'],
  ])('%j is a mistake', (paths, words) => {
    const found = mistakes({ api: { upstream: 8000, paths } });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('api.paths');
    expect(found[0]).toContain(words);
  });
});

describe('rootless', () => {
  test('listens on any port without a redirect, unless ports are named', () => {
    expect(resolve({ listen: { rootless: true } }).config.listen).toMatchObject({
      httpsPort: 0,
      httpPort: null,
    });
    expect(
      resolve({ listen: { rootless: true, httpsPort: 8443, proxyPort: 5198 } }).config.listen,
    ).toMatchObject({ httpsPort: 8443, httpPort: null, proxyPort: 5198 });
    const { config } = resolve({}, { rootless: true, proxyPort: '5198', fallback: 'ports' });
    expect(config.listen).toMatchObject({ rootless: true, proxyPort: 5198, fallback: 'ports' });
  });

  test('a fallback that does not exist is named with those that do', () => {
    expect(mistakes({}, { fallback: 'sudo' })).toEqual([
      '--fallback: expected "ask" or "ports" or "rootless"',
    ]);
  });
});

describe('weight', () => {
  test('flags beat the environment, the environment beats the file, the file beats the defaults', () => {
    const file = { listen: { httpsPort: 1001, httpPort: 1002 }, frontend: 5173 };
    const env = { JWT_DEV_HTTPS_PORT: '2001', JWT_DEV_HTTP_PORT: '2002', JWT_DEV_API: '' };
    const { config } = resolve(file, { httpsPort: '3001' }, env);
    expect(config.listen.httpsPort).toBe(3001);
    expect(config.listen.httpPort).toBe(2002);
    expect(config.frontend.upstream).toEqual({ kind: 'port', port: 5173 });
    expect(config.api.upstream).toEqual({ kind: 'bundled' });
  });

  test('a flag for an upstream keeps the host of the file', () => {
    const { config } = resolve(
      { frontend: { host: 'shop.test', upstream: 5173 } },
      { frontend: '3000', api: 'http://[::1]:8000' },
    );
    expect(config.frontend).toEqual({
      hostname: 'shop.test',
      upstream: { kind: 'port', port: 3000 },
      paths: [],
    });
    expect(config.api.upstream).toEqual({ kind: 'url', url: 'http://[::1]:8000', caFile: null });
  });

  test('a flag replaces the short form of an upstream', () => {
    expect(
      resolve({ frontend: { directory: 'dist' } }, { frontend: '3000' }).config.frontend.upstream,
    ).toEqual({
      kind: 'port',
      port: 3000,
    });
  });

  test('"none" takes the redirect port away', () => {
    expect(resolve(undefined, { httpPort: 'none' }).config.listen.httpPort).toBeNull();
  });
});

describe('findings', () => {
  test('every code of the table may be silenced, and no other', () => {
    expect([...SILENCEABLE_CODES].sort()).toEqual(FINDING_CODES);
    const silence = [...FINDING_CODES];
    expect(resolve({ findings: { silence } }).config.findings.silence).toEqual(silence);
  });

  test.each([
    ['example.com', true],
    ['my.test', true],
    ['app.localhost', true],
    ['intranet.lan', true],
    ['example.dev', false],
    ['somebody.github.io', false],
  ])('on %s the canary is set unless somebody says otherwise: %s', (host, isSet) => {
    const raw = { frontend: { host } };
    expect(resolve(raw).config.findings.canary).toBe(isSet);
    expect(resolve(raw, { canary: false }).config.findings.canary).toBe(false);
    expect(resolve(raw, { canary: true }).config.findings.canary).toBe(true);
    expect(resolve({ ...raw, findings: { canary: !isSet } }).config.findings.canary).toBe(!isSet);
    expect(resolve(raw, {}, { JWT_DEV_CANARY: '0' }).config.findings.canary).toBe(false);
  });

  test('the inspector records ten thousand exchanges unless somebody says otherwise', () => {
    expect(resolve({}).config.inspector).toEqual({ enabled: true, capacity: 10_000 });
    const inspector = { enabled: false, capacity: 50 };
    expect(resolve({ inspector }).config.inspector).toEqual(inspector);
  });
});

describe('mistakes', () => {
  test('all are reported at once, unknown keys with the nearest valid one', () => {
    expect(
      mistakes({
        fronted: 5173,
        listen: { httpsPort: 99_999, htpPort: 80 },
        auth: { cookies: { secure: 'yes' } },
      }),
    ).toEqual([
      'listen.httpsPort: must be at most 65535',
      'listen.htpPort: unknown key; did you mean "httpPort"?',
      'auth.cookies.secure: expected boolean, received string',
      'fronted: unknown key; did you mean "frontend"?',
    ]);
  });

  test('a key of another level or of other tools is found', () => {
    expect(mistakes({ users: [] })).toEqual(['users: unknown key; did you mean "auth.users"?']);
    expect(mistakes({ backend: 8000 })).toEqual(['backend: unknown key; did you mean "api"?']);
  });

  test('a port of one’s own server is an upstream, ours is the https port', () => {
    expect(mistakes({ port: 3000 })).toEqual(['port: unknown key; did you mean "listen.httpsPort"?']);
    expect(mistakes({ listen: { port: 3000 } })).toEqual([
      'listen.port: unknown key; did you mean "listen.httpsPort"?',
    ]);
    expect(mistakes({ frontend: { port: 3000 } })).toEqual([
      'frontend.port: unknown key; did you mean "frontend.upstream"?',
    ]);
  });

  test.each([
    ['/project/jwt-dev.config.json has a mistake', { listen: { httpsPort: 99_999 } }, {}, {}],
    ['The command line has a mistake', {}, { httpsPort: '99999' }, {}],
    ['The environment has a mistake', {}, {}, { JWT_DEV_HTTPS_PORT: '99999' }],
    ['The configuration has 2 mistakes', { listen: { httpPort: 99_999 } }, { httpsPort: '99999' }, {}],
  ] as const)('%s: where it stands is said first', (headline, raw, overrides, env) => {
    expect(() => resolve(raw, overrides as ConfigOverrides, env)).toThrow(headline);
  });

  test('a key like no other lists what is valid', () => {
    expect(mistakes({ tls: { quux: 1 } })).toEqual(['tls.quux: unknown key; valid here: mode']);
  });

  test('mistakes of flags and variables carry their names', () => {
    expect(mistakes({}, { httpsPort: '99999', httpPort: 'eighty' }, { JWT_DEV_FRONTEND: '0' })).toEqual([
      'JWT_DEV_FRONTEND: must be at least 1',
      '--https-port: must be at most 65535',
      '--http-port: expected a port (0 to 65535) or null',
    ]);
  });

  test.each([
    [{ frontend: { host: 'example.com' }, api: { host: 'api.other.test' } }, 'api.host', 'not the same site'],
    [{ frontend: { host: 'a.github.io' }, api: { host: 'b.github.io' } }, 'api.host', 'not the same site'],
    [{ frontend: { host: 'github.io' } }, 'frontend.host', 'public suffix'],
    [{ frontend: { host: 'localhost' } }, 'frontend.host', 'single label'],
    [{ frontend: { host: 'example.com' }, api: { host: 'EXAMPLE.com' } }, 'api.host', 'used twice'],
    [{ frontend: { host: 'https://example.com' } }, 'frontend.host', 'is a URL'],
    [{ frontend: { host: 'example.com:8443' } }, 'frontend.host', 'has a port'],
    [{ frontend: { host: '127.0.0.1' } }, 'frontend.host', 'is an IP address'],
    [{ frontend: { host: 'exa mple.com' } }, 'frontend.host', 'is not a host name'],
    [{ listen: { httpsPort: 8443, httpPort: 8443 } }, 'listen.httpPort', 'https port too'],
    [{ frontend: 'dist' }, 'frontend', '{ "directory": "…" }'],
    [{ frontend: 'ftp://127.0.0.1' }, 'frontend', 'a URL'],
    [{ frontend: { host: 'example.com#x' } }, 'frontend.host', 'is not a host name'],
    [{ frontend: { host: 'ex%61mple.com' } }, 'frontend.host', 'is not a host name'],
    [{ frontend: { host: '::1' } }, 'frontend.host', 'is an IP address'],
    [{ api: 'http://127.0.0.1:0' }, 'api.upstream', 'scheme, host and port only'],
    [{ auth: { store: 'mysql://u:p@localhost/x' } }, 'auth.store', 'is no store'],
    [{ auth: { cookies: { domain: 'exa mple;com' } } }, 'auth.cookies.domain', 'api.example.com'],
    [{ auth: { cookies: { domain: 'other.org' } } }, 'auth.cookies.domain', 'browsers refuse'],
    [{ auth: { cookies: { domain: 'com' } } }, 'auth.cookies.domain', 'browsers refuse'],
    [{ auth: { cookies: { access: '__Host-a', path: '/x' } } }, 'auth.cookies.access', 'needs secure'],
    [{ auth: { cookies: { refresh: '__Secure-b', secure: false } } }, 'auth.cookies.refresh', 'needs secure'],
    [{ frontend: 443 }, 'frontend.upstream', 'round in a circle'],
    [{ api: 'http://127.0.0.1:8000/api' }, 'api.upstream', 'scheme, host and port only'],
    [{ auth: { cookies: { sameSite: 'None', secure: false } } }, 'auth.cookies.secure', 'browsers refuse'],
    [{ auth: { cookies: { access: 'a', refresh: 'a' } } }, 'auth.cookies.refresh', 'access cookie'],
    [
      {
        auth: {
          users: [
            { username: 'Ann', password: 'x' },
            { username: 'ann', password: 'y' },
          ],
        },
      },
      'auth.users[1].username',
      'already used',
    ],
    [
      { auth: { tokens: { algorithm: 'RS256', secretEnv: 'SECRET_KEY' } } },
      'auth.tokens.secretEnv',
      'HS256 only',
    ],
    [{ auth: { allowedOrigins: ['https://example.com/'] } }, 'auth.allowedOrigins[0]', 'origin'],
    [{ findings: { silence: ['JD2144'] } }, 'findings.silence[0]', 'did you mean "JD214"?'],
    [{ findings: { silence: ['jd420'] } }, 'findings.silence[0]', 'did you mean "JD420"?'],
    [{ findings: { silence: ['credentials'] } }, 'findings.silence[0]', 'expected the code of a finding'],
    [{ findings: { canary: 'no' } }, 'findings.canary', 'expected boolean'],
    [{ inspector: { capacity: 0 } }, 'inspector.capacity', ''],
    [{ inspector: { capacity: 1.5 } }, 'inspector.capacity', ''],
    [{ inspector: { on: true } }, 'inspector.on', 'unknown key'],
    [[], 'the file', 'expected object'],
    ['text', 'the file', 'expected object'],
  ])('%j: %s', (raw, where, words) => {
    const found = mistakes(raw);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${where}: `);
    expect(found[0]).toContain(words);
  });

  test('no input makes anything but a configuration or a list of mistakes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('frontend', 'api', 'listen', 'auth', 'hosts', 'x'), fc.jsonValue()),
        (any, near) => {
          mistakes(any);
          mistakes(near);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('warnings', () => {
  test.each([
    ['shop.local', 'multicast DNS'],
    ['shop.dev', 'https-only'],
    ['wikipedia.org', 'public domain'],
  ])('%s', (host, words) => {
    expect(resolve({ frontend: { host } }).warnings.join('\n')).toContain(words);
  });

  test('an address that the network can reach, and one that is written twice', () => {
    const { config, warnings } = resolve({
      listen: { addresses: ['0.0.0.0', '127.0.0.1', '127.0.0.1', '::1', '0:0::1'] },
    });
    expect(config.listen.addresses).toEqual(['0.0.0.0', '127.0.0.1', '::1']);
    expect(warnings.join('\n')).toContain('0.0.0.0 can be reached from the network');
  });

  test('cookies for the site, or for the API alone, are fine', () => {
    for (const domain of ['example.com', '.example.com', 'api.example.com', null]) {
      expect(resolve({ auth: { cookies: { domain } } }).config.auth.cookies.domain).toBe(domain);
    }
    expect(resolve({ api: 'HTTP://LOCALHOST:80' }).config.api.upstream).toMatchObject({ kind: 'url' });
  });

  test.each(['shop.test', 'example.org', 'shop.example', 'a.internal'])('%s is a good name', (host) => {
    expect(resolve({ frontend: { host } }).warnings).toEqual([]);
  });

  test('a name with other letters is kept as its ASCII form', () => {
    expect(resolve({ frontend: { host: 'Bücher.test' } }).config.frontend.hostname).toBe(
      'xn--bcher-kva.test',
    );
  });
});
