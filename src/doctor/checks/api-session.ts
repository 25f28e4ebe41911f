import type { Cookie } from '../../verdicts/cookies/types.ts';
import { findingForCookieReason } from '../../verdicts/findings/chromium-names.ts';
import { valuesOf } from '../../verdicts/header-pairs.ts';
import type { Visit } from '../api/page.ts';
import type { ApiSessionFacts, LoggedIn } from '../api/session-facts.ts';
import { defineCheck } from '../check.ts';
import { ok, skip, type Verdict } from '../types.ts';
import { nameOf, sayingsOf } from './api-cors.ts';
import { expiryMistake } from './token-expiry.ts';

type Facts = { readonly apiSession: ApiSessionFacts | null };
type Session = ApiSessionFacts & { readonly session: LoggedIn };

/** A check that needs somebody who is logged in. */
function withSession(judge: (facts: Session) => Verdict) {
  return ({ apiSession }: Facts): Verdict => {
    if (apiSession === null) return skip('no login was named: --login user:password');
    const { session } = apiSession;
    return session === null ? skip('the login failed: see K1') : judge({ ...apiSession, session });
  };
}

function answer(visit: Visit): string {
  return `${nameOf(visit)}: ${visit.silent ?? visit.status}`;
}

/** K1: what the login leaves in the browser. */
export function judgeLogin({ apiSession }: Facts): Verdict {
  if (apiSession === null) return skip('no login was named: --login user:password');
  const { login, names, session } = apiSession;
  if (login.status !== 200) {
    return {
      status: 'fail',
      evidence: [answer(login), ...(login.body === '' ? [] : [login.body.slice(0, 300)])],
      cause: 'Nobody was logged in.',
      fix: 'Check --login user:password, and whether the account may log in (active, e-mail verified)',
    };
  }
  const blocked = login.lines.filter(({ verdict }) => verdict === 'blocked');
  const [reason] = blocked.flatMap(({ reasons }) => reasons);
  if (reason !== undefined) {
    return {
      status: 'fail',
      evidence: blocked.map(({ cookie, reasons }) => `${cookie?.name ?? 'a cookie'}: ${reasons.join(', ')}`),
      ...sayingsOf(findingForCookieReason(reason) ?? 'JD446'),
    };
  }
  const stored = session?.cookies ?? [];
  const of = (name: string): Cookie | undefined => stored.find((cookie) => cookie.name === name);
  const [access, refresh] = [of(names.access), of(names.refresh)];
  if (access === undefined) {
    const others = login.lines.flatMap(({ cookie }) => (cookie === undefined ? [] : [cookie.name]));
    return {
      status: 'fail',
      evidence: [
        `no cookie ${names.access}`,
        others.length === 0 ? 'the answer sets no cookie at all' : `the answer sets ${others.join(', ')}`,
      ],
      cause:
        'The login was accepted, but its tokens are not in cookies of these names. Some frameworks leave a Secure cookie out where they believe the request to be plain http.',
      fix: `Django: REST_AUTH = {'USE_JWT': True, 'JWT_AUTH_COOKIE': '${names.access}', 'JWT_AUTH_REFRESH_COOKIE': '${names.refresh}'}; Express: app.set('trust proxy', 'loopback'). Other names: "auth": { "cookies": { "accessName": … } } in jwt-dev.config.json`,
    };
  }
  if (refresh === undefined) {
    return { status: 'fail', evidence: [`no cookie ${names.refresh}`], ...sayingsOf('JD402') };
  }
  const weak = [access, refresh].flatMap((cookie) => weaknesses(cookie));
  if (weak.length > 0) {
    return {
      status: 'warn',
      evidence: weak,
      cause: 'The cookies work, but not as they should in production.',
      fix: "Django: REST_AUTH = {'JWT_AUTH_HTTPONLY': True, 'JWT_AUTH_SECURE': True, 'JWT_AUTH_SAMESITE': 'Lax'}; Express: res.cookie(name, token, { httpOnly: true, secure: true, sameSite: 'lax' })",
    };
  }
  return ok(...[access, refresh].map(describeCookie));
}

function describeCookie(cookie: Cookie): string {
  const { name, domain, path, sameSite, value } = cookie;
  return `${name}: ${domain}${path}, Secure, HttpOnly, SameSite=${sameSite}, ${name.length + value.length} bytes`;
}

function weaknesses(cookie: Cookie): readonly string[] {
  const expiry = expiryMistake(cookie);
  return [
    ...(cookie.httpOnly ? [] : [`${cookie.name} without HttpOnly: any script of the page can read it`]),
    ...(cookie.secure ? [] : [`${cookie.name} without Secure: it goes out over plain http too`]),
    ...(cookie.sameSite === 'None'
      ? [`${cookie.name} with SameSite=None: sent along by every other site`]
      : []),
    ...(expiry === null ? [] : [`${cookie.name} ${expiry}`]),
  ];
}

/** K2 */
function judgeRefresh({ session }: Session): Verdict {
  const failed = session.refreshes.filter(({ visit }) => visit.status !== 200);
  if (failed.length > 0) {
    return {
      status: 'fail',
      evidence: failed.map(({ said, visit }) => `${answer(visit)} with the cookie and ${said}`),
      ...sayingsOf('JD401'),
    };
  }
  const rotates = session.refreshes.some(({ isNewToken }) => isNewToken);
  return ok(
    'by cookie alone, whatever the body',
    rotates ? 'each refresh answers a new refresh token' : 'the refresh token stays the same',
  );
}

/** K3: RFC 6265, section 5.1.4. A refresh token that logout does not get cannot be denied. */
function judgeRefreshPath({ session, names, target }: Session): Verdict {
  const path = session.cookies.find(({ name }) => name === names.refresh)?.path;
  if (session.sentToLogout.includes(names.refresh)) return ok(`${names.refresh} has Path=${path}`);
  return {
    status: 'warn',
    evidence: [`${names.refresh} has Path=${path}; ${target.basePath}logout/ is not below it`],
    cause:
      'Logout does not get the refresh token, so it cannot deny it: a copy of it stays good until it expires.',
    fix: `Django: REST_AUTH = {'JWT_AUTH_REFRESH_COOKIE_PATH': '${target.basePath}'}; Express: { path: '${target.basePath}' }`,
  };
}

/** K4 */
function judgeStaleCookie({ session }: Session): Verdict {
  if (session.stale.status === 200) return ok('a login works whatever cookies the browser has left');
  return {
    status: 'warn',
    evidence: [`${answer(session.stale)} with the right password and an old cookie`],
    ...sayingsOf('JD403'),
  };
}

/** K5 */
function judgeLogout({ session, names }: Session): Verdict {
  const { logout, afterLogout } = session;
  if (logout.status !== 200 && logout.status !== 204) {
    return {
      status: 'fail',
      evidence: [answer(logout), logout.body.slice(0, 300)],
      cause: 'The logout failed.',
      fix: 'Look at the output of your backend',
    };
  }
  const left = afterLogout.cookies.filter(({ name }) => name === names.access || name === names.refresh);
  if (left.length > 0) {
    return {
      status: 'fail',
      evidence: left.map(({ name, domain, path }) => `${name} is still there, for ${domain}${path}`),
      ...sayingsOf('JD404'),
    };
  }
  if (afterLogout.user.status === 200) {
    return {
      status: 'fail',
      evidence: [
        `${answer(afterLogout.user)} after the logout, with ${afterLogout.cookies.map(({ name }) => name).join(', ') || 'no cookie'}`,
      ],
      ...sayingsOf('JD405'),
    };
  }
  return ok(`the cookies are gone, and ${answer(afterLogout.user)}`);
}

/** K6 */
function judgeParallel({ session, names }: Session): Verdict {
  const statuses = session.parallel.map(({ status }) => status).sort((a, b) => a - b);
  const evidence = `two refreshes at once with one cookie: ${statuses.join(' and ')}`;
  if (statuses.every((status) => status === 200)) return ok(evidence);
  if (!session.afterParallel.includes(names.refresh)) {
    return { status: 'fail', evidence: [evidence, `${names.refresh} is gone`], ...sayingsOf('JD412') };
  }
  return { status: 'warn', evidence: [evidence], ...sayingsOf('JD410') };
}

/** K7: frontends tell a token that has to be refreshed from other failures by this code. */
function judgeInvalidTokens({ session: { invalid } }: Session): Verdict {
  const wrong = [invalid.user, invalid.refresh].filter(
    ({ status, body }) => status !== 401 || !body.includes('token_not_valid'),
  );
  if (wrong.length === 0) return ok('401 with "code": "token_not_valid"');
  return {
    status: wrong.some(({ status }) => status < 400 || status >= 500) ? 'fail' : 'warn',
    evidence: wrong.map((visit) => `${answer(visit)} for a token that means nothing`),
    cause:
      'simplejwt answers 401 with "code": "token_not_valid"; a frontend that waits for it will not refresh.',
    fix: 'Answer 401 and {"detail": "Token is invalid", "code": "token_not_valid"}',
  };
}

/** K8 */
function judgeCsrf({ session }: Session): Verdict {
  const { unsafe, readable } = session;
  if (unsafe.status !== 403) return ok('no CSRF token is asked for: SameSite and CORS protect the cookies');
  if (/Origin checking failed|Referer checking failed/.test(unsafe.body)) {
    return { status: 'fail', evidence: [answer(unsafe), unsafe.body.slice(0, 300)], ...sayingsOf('JD430') };
  }
  if (/(^|; )csrftoken=/.test(readable)) return ok('a CSRF token is asked for, and the page can read it');
  return {
    status: 'fail',
    evidence: [answer(unsafe), 'the page cannot read csrftoken'],
    ...sayingsOf('JD431'),
  };
}

/** K10: a backend that believes to be asked over plain http says so in what it links to. */
export function judgeForwarding({ apiSession }: Facts): Verdict {
  if (apiSession === null) return skip('no login was named: --login user:password');
  const { login, session, target } = apiSession;
  const visits = [login, ...(session === null ? [] : [session.user, session.logout])];
  const { host } = new URL(target.origin);
  const plain = visits.filter(
    ({ headers, body }) =>
      (valuesOf(headers, 'location')[0] ?? '').startsWith(`http://${host}`) ||
      body.includes(`http://${host}/`),
  );
  const promised = login.status === 200 && valuesOf(login.headers, 'set-cookie').length === 0;
  if (plain.length === 0 && !promised) return ok('X-Forwarded-Proto: https is understood');
  return {
    status: 'fail',
    evidence: [
      ...plain.map((visit) => `${nameOf(visit)} links to http://${host}/`),
      ...(promised ? ['the login sets no cookie'] : []),
    ],
    cause:
      'The backend takes the request for plain http: it sees the connection of the proxy, not the one of the browser.',
    fix: "Django: SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https'); Express: app.set('trust proxy', 'loopback')",
  };
}

const session = (id: string, title: string, judge: (facts: Facts) => Verdict) =>
  defineCheck({ id, title, docs: 'api', needs: ['apiSession'], judge });

export const API_SESSION_CHECKS = [
  session('K1', 'The login sets both cookies', judgeLogin),
  session('K2', 'The refresh works from the cookie', withSession(judgeRefresh)),
  session('K3', 'The refresh cookie reaches the logout', withSession(judgeRefreshPath)),
  session('K4', 'An old cookie does not stop the login', withSession(judgeStaleCookie)),
  session('K5', 'The logout leaves nothing', withSession(judgeLogout)),
  session('K6', 'Two refreshes at once', withSession(judgeParallel)),
  session('K7', 'Bad tokens are refused as simplejwt does', withSession(judgeInvalidTokens)),
  session('K8', 'CSRF tokens', withSession(judgeCsrf)),
  session('K10', 'The backend knows that it is behind TLS', judgeForwarding),
];
