import type { InstanceRecord } from '../../control/types.ts';
import { csrfHeader } from '../../doctor/api/csrf-header.ts';
import { openPage, type Page, type Visit } from '../../doctor/api/page.ts';
import type { ApiSessionFacts, LoggedIn } from '../../doctor/api/session-facts.ts';
import { findApi } from '../../doctor/api/target.ts';
import { API_SESSION_CHECKS } from '../../doctor/checks/api-session.ts';
import { createGet, type Get } from '../../doctor/facts/readers.ts';
import type { DoctorWorld } from '../../doctor/types.ts';
import type { CorsProblem } from '../../verdicts/cors/types.ts';
import { findingForCorsError } from '../../verdicts/findings/chromium-names.ts';
import { valuesOf } from '../../verdicts/header-pairs.ts';
import { fromCheck, fromTable } from './convert.ts';
import type { Account, VerifyFinding } from './types.ts';

/** Those that one login shows; the others try things that `doctor --api` is there for. */
const CHECKS = API_SESSION_CHECKS.filter(({ id }) => ['K1', 'K3', 'K5', 'K10'].includes(id));

/**
 * One session, judged by the rules of a browser whichever clients there are: what CORS allows, which cookies the login
 * leaves and how, whether the logout takes them away.
 */
export async function trySession(
  account: Account,
  record: InstanceRecord,
  doctor: DoctorWorld,
): Promise<readonly VerifyFinding[]> {
  const target = await findApi({ url: null, login: null }, doctor, { running: record });
  const { accessName: access, refreshName: refresh } = doctor.config.auth.cookies;
  const page = openPage(target, doctor);
  const login = await page.fetch({ method: 'POST', path: `${target.basePath}login/`, json: account.fields });
  // Who does not answer is found by others, and has no cookies to be judged.
  if (login.silent !== null || login.status >= 500) return [];
  const isIn = login.status === 200 && page.cookies().some(({ name }) => name === access);
  const session = isIn ? await useSession(page, target.basePath, refresh) : null;
  const facts: ApiSessionFacts = { target, names: { access, refresh }, login, session };
  const others = createGet(doctor);
  const get = ((kind) => (kind === 'apiSession' ? Promise.resolve(facts) : others(kind))) as Get;
  const judged = await Promise.all(CHECKS.map((check) => check.run(get)));
  const visits = [login, ...(session === null ? [] : [session.user, session.logout])];
  return [
    ...visits.flatMap(corsFindings),
    ...clockFindings(login, new URL(target.origin).hostname, doctor.now()),
    ...judged.flatMap((finding) => fromCheck(finding)),
  ];
}

async function useSession(page: Page, basePath: string, refresh: string): Promise<LoggedIn> {
  const cookies = page.cookies();
  const user = await page.fetch({ method: 'GET', path: `${basePath}user/` });
  const logoutPath = `${basePath}logout/`;
  const sentToLogout = page.cookiesFor(logoutPath).map(({ name }) => name);
  const logout = await page.fetch({ method: 'POST', path: logoutPath, json: {}, headers: csrfHeader(page) });
  const after = await page.fetch({ method: 'GET', path: `${basePath}user/` });
  return {
    cookies,
    user,
    unsafe: user,
    readable: page.readable(),
    refreshes: [],
    parallel: [],
    afterParallel: [refresh],
    stale: user,
    invalid: { user, refresh: user },
    sentToLogout,
    logout,
    afterLogout: { cookies: page.cookies(), user: after },
  };
}

/** A Date has whole seconds (RFC 9110, section 5.6.7), and the answer took some time. */
const MAX_SKEW_SECONDS = 5;

function clockFindings({ headers }: Visit, hostname: string, now: Date): readonly VerifyFinding[] {
  const seconds = Math.round((Date.parse(valuesOf(headers, 'date')[0] ?? '') - now.getTime()) / 1000);
  if (Number.isNaN(seconds) || Math.abs(seconds) <= MAX_SKEW_SECONDS) return [];
  const evidence = `${hostname} is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine, by the Date of its answers`;
  return [fromTable('JD450', [evidence], 'session')];
}

function corsFindings({ method, path, preflight, problem }: Visit): readonly VerifyFinding[] {
  const of = (what: string, found: CorsProblem | null): readonly VerifyFinding[] => {
    if (found === null) return [];
    const { error, header, value } = found;
    const seen = header === null ? error : `${header}: ${value ?? 'absent'}`;
    return [{ ...fromTable(findingForCorsError(error), [`${what}: ${seen}`], 'session'), reason: error }];
  };
  return [
    ...of(`preflight of ${method} ${path}`, preflight?.problem ?? null),
    ...of(`${method} ${path}`, problem),
  ];
}
