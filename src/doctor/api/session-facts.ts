import { createHash } from 'node:crypto';
import type { Cookie } from '../../verdicts/cookies/types.ts';
import type { InstancesFacts } from '../facts/instance.ts';
import type { DoctorWorld } from '../types.ts';
import { csrfHeader } from './csrf-header.ts';
import { openPage, type Page, type Visit } from './page.ts';
import { type ApiTarget, findApi } from './target.ts';

/** The names under which the configuration expects the tokens. */
export interface TokenCookieNames {
  readonly access: string;
  readonly refresh: string;
}

/** One whole session, from login to logout, and what was tried beside it. */
export interface ApiSessionFacts {
  readonly target: ApiTarget;
  readonly names: TokenCookieNames;
  readonly login: Visit;
  /** null: the login did not work, so there is nothing else to see. */
  readonly session: LoggedIn | null;
}

export interface LoggedIn {
  /** What the login left in the browser. */
  readonly cookies: readonly Cookie[];
  readonly user: Visit;
  /** A PATCH that changes nothing and carries no CSRF token. */
  readonly unsafe: Visit;
  /** Cookies that the page's own script can read. */
  readonly readable: string;
  /** Refreshes by cookie alone, each with another body. */
  readonly refreshes: readonly {
    readonly said: string;
    readonly visit: Visit;
    readonly isNewToken: boolean;
  }[];
  /** Two at once with one cookie. */
  readonly parallel: readonly Visit[];
  /** What is left in the browser after both. */
  readonly afterParallel: readonly string[];
  /** A login from a browser that has tokens which mean nothing. */
  readonly stale: Visit;
  /** Tokens that mean nothing, where they should be refused. */
  readonly invalid: { readonly user: Visit; readonly refresh: Visit };
  /** Cookies that a request to logout carries. */
  readonly sentToLogout: readonly string[];
  readonly logout: Visit;
  readonly afterLogout: { readonly cookies: readonly Cookie[]; readonly user: Visit };
}

/** What a JWT looks like from outside; nobody signed it. */
const MEANINGLESS = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.c2lnbmF0dXJl';

/**
 * Logs in, and out again. null: no API or no login was named.
 * @throws JwtDevError ERR_USAGE
 */
export async function readApiSession(
  world: DoctorWorld,
  instances: InstancesFacts,
): Promise<ApiSessionFacts | null> {
  if (world.api === null || world.api.login === null) return null;
  const target = await findApi(world.api, world, instances);
  const { accessName: access, refreshName: refresh } = world.config.auth.cookies;
  const names = { access, refresh };
  const page = openPage(target, world);
  const login = await logIn(page, target, world.api.login);
  const isIn = login.status === 200 && page.cookies().some(({ name }) => name === access);
  return {
    target,
    names,
    login,
    session: isIn ? await useSession(page, world, { target, names, login: world.api.login }) : null,
  };
}

interface Account {
  readonly user: string;
  readonly password: string;
}

/** By username, and where that is refused and looks like one, by e-mail address. */
async function logIn(
  page: Page,
  { basePath }: ApiTarget,
  { user, password }: Account,
  cookies?: string,
): Promise<Visit> {
  const request = {
    method: 'POST',
    path: `${basePath}login/`,
    ...(cookies === undefined ? {} : { cookies }),
  };
  const first = await page.fetch({ ...request, json: { username: user, password } });
  if (first.status === 200 || !user.includes('@')) return first;
  return page.fetch({ ...request, json: { email: user, password } });
}

async function useSession(
  page: Page,
  world: DoctorWorld,
  { target, names, login }: { target: ApiTarget; names: TokenCookieNames; login: Account },
): Promise<LoggedIn> {
  const { basePath } = target;
  const user = { method: 'GET', path: `${basePath}user/` };
  const refresh = { method: 'POST', path: `${basePath}token/refresh/` };
  const logout = { method: 'POST', path: `${basePath}logout/` };
  const staleCookies = `${names.access}=${MEANINGLESS}; ${names.refresh}=${MEANINGLESS}`;

  const cookies = page.cookies();
  const seenUser = await page.fetch(user);
  const unsafe = await page.fetch({ method: 'PATCH', path: user.path, json: {} });
  const csrf = csrfHeader(page);
  const readable = page.readable();

  const refreshes: LoggedIn['refreshes'][number][] = [];
  for (const [said, body] of [
    ['no body', {}],
    ['{}', { json: {} }],
  ] as const) {
    const before = tokenOf(page, names.refresh);
    const visit = await page.fetch({ ...refresh, ...body, headers: csrf });
    refreshes.push({
      said,
      visit,
      isNewToken: fingerprint(tokenOf(page, names.refresh)) !== fingerprint(before),
    });
  }

  const second = openPage(target, world);
  await logIn(second, target, login);
  const secondCsrf = csrfHeader(second);
  const shared = second
    .cookiesFor(refresh.path)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
  const parallel = await Promise.all(
    [1, 2].map(() => second.fetch({ ...refresh, json: {}, headers: secondCsrf, cookies: shared })),
  );
  const afterParallel = second.cookies().map(({ name }) => name);

  const stranger = openPage(target, world);
  const stale = await logIn(stranger, target, login, staleCookies);
  const invalid = {
    user: await openPage(target, world).fetch({ ...user, cookies: `${names.access}=${MEANINGLESS}` }),
    refresh: await openPage(target, world).fetch({
      ...refresh,
      json: {},
      cookies: `${names.refresh}=${MEANINGLESS}`,
    }),
  };
  const sentToLogout = page.cookiesFor(logout.path).map(({ name }) => name);
  const loggedOut = await page.fetch({ ...logout, json: {}, headers: csrf });
  const afterLogout = { cookies: page.cookies(), user: await page.fetch(user) };
  await Promise.all(
    [second, stranger].map((each) => each.fetch({ ...logout, json: {}, headers: csrfHeader(each) })),
  );
  return {
    cookies,
    user: seenUser,
    unsafe,
    readable,
    refreshes,
    parallel,
    afterParallel,
    stale,
    invalid,
    sentToLogout,
    logout: loggedOut,
    afterLogout,
  };
}

function tokenOf(page: Page, name: string): string | null {
  return page.cookies().find((cookie) => cookie.name === name)?.value ?? null;
}

/** Tokens are compared, never kept in what is reported. */
function fingerprint(token: string | null): string | null {
  return token === null ? null : createHash('sha256').update(token).digest('hex');
}
