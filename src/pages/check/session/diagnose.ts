import { fail, failAs, type Outcome } from '../outcome.ts';
import type { CheckEcho, CheckSettings } from '../types.ts';
import { type Answer, refusalText } from './answer.ts';

/** What a diagnosis asks: which cookies the browser sends. */
export interface Asked {
  readonly settings: CheckSettings;
  readonly askApi: (path: string) => Promise<Pick<CheckEcho, 'cookies'>>;
}

const BACKENDS = ['terminal', 'Django', 'Express', 'backend'] as const;

/** What to make of an answer that is not the one that was hoped for. */
export function unexpected(answer: Answer, { settings }: Asked): Outcome {
  if (answer.kind === 'unreadable') {
    return answer.arrives
      ? fail(
          `The API answers, and the browser does not let the page read it: ${answer.said}. That is CORS.`,
          `The answer, also the one to the preflight, must have Access-Control-Allow-Origin: ${settings.frontend} and Access-Control-Allow-Credentials: true. The findings of jwt-dev up say which header it was.`,
        )
      : failAs('JD603', `The API does not answer: ${answer.said}.`, settings, BACKENDS);
  }
  if (answer.status === 502 || answer.status === 504)
    return failAs('JD603', `The API answered ${refusalText(answer)}`, settings, BACKENDS);
  if (answer.status === 403 && /csrf|origin checking/i.test(refusalText(answer))) {
    const code = /origin checking/i.test(refusalText(answer)) ? 'JD430' : 'JD431';
    return failAs(code, `The API answered ${refusalText(answer)}`, settings, BACKENDS);
  }
  return fail(
    `The API answered ${refusalText(answer)}`,
    'Its text says why; the findings of jwt-dev up may say more.',
  );
}

/** The user endpoint says 401 although the login went well: which cookies did the browser send? */
export async function notLoggedIn(answer: Answer, world: Asked): Promise<Outcome> {
  if (answer.kind === 'unreadable' || (answer.status !== 401 && answer.status !== 403))
    return unexpected(answer, world);
  const { accessCookie, basePath } = world.settings;
  const { cookies } = await world.askApi('/echo');
  const said = `The API answered ${refusalText(answer)}`;
  if (Object.hasOwn(cookies, accessCookie)) {
    return fail(
      `${said}, although the browser sends ${accessCookie}.`,
      `The API does not read that cookie, or does not accept the token in it: check its name and the signing key.`,
    );
  }
  return fail(
    `${said}: the browser does not send ${accessCookie}. It refused the Set-Cookie line of the login, or its Path does not cover ${basePath}user/.`,
    `Set it with Path=/; Secure; HttpOnly; SameSite=Lax and no Domain. The findings of jwt-dev up quote the line and the browser's reason.`,
  );
}

/** A login that was refused. dj-rest-auth answers 400 to wrong credentials; a 401 is about a token that came along. */
export function notAccepted(answer: Answer, world: Asked): Outcome {
  if (answer.kind === 'unreadable' || (answer.status !== 400 && answer.status !== 401))
    return unexpected(answer, world);
  const said = `The API answered ${refusalText(answer)}`;
  if (answer.status === 401 && /token/i.test(said)) return failAs('JD403', said, world.settings, BACKENDS);
  return fail(
    said,
    'Name a user that the API knows: jwt-dev verify --login user:password. With the bundled API, jwt-dev users shows them.',
  );
}

/** A refresh that was refused: the cookie was there, or it was not. */
export async function notRefreshed(answer: Answer, world: Asked): Promise<Outcome> {
  if (answer.kind === 'unreadable' || (answer.status !== 400 && answer.status !== 401))
    return unexpected(answer, world);
  const { refreshCookie } = world.settings;
  const { cookies } = await world.askApi('/echo');
  const said = `The API answered ${refusalText(answer)}`;
  if (Object.hasOwn(cookies, refreshCookie)) {
    const isMissed =
      answer.status === 400 || /no valid refresh|required|not included|not provided/i.test(said);
    return isMissed
      ? failAs('JD401', `${said}, although the browser sends ${refreshCookie}.`, world.settings, BACKENDS)
      : fail(
          `${said}: it does not accept the token in ${refreshCookie}.`,
          'Its text says why. A token that was rotated before, another signing key or a wrong clock make it so.',
        );
  }
  return failAs('JD402', `${said}: the browser does not send ${refreshCookie}.`, world.settings, BACKENDS);
}

/** Still logged in after the logout. */
export async function stillLoggedIn(answer: Answer, world: Asked): Promise<Outcome> {
  if (answer.kind === 'unreadable' || answer.status !== 200) return unexpected(answer, world);
  const { cookies } = await world.askApi('/echo');
  const sent = [world.settings.accessCookie, world.settings.refreshCookie].filter((name) =>
    Object.hasOwn(cookies, name),
  );
  return sent.length === 0
    ? failAs('JD405', 'The API still answers 200, without the token cookies.', world.settings, BACKENDS)
    : failAs(
        'JD404',
        `The API still answers 200: the browser still sends ${sent.join(' and ')}.`,
        world.settings,
        BACKENDS,
      );
}
