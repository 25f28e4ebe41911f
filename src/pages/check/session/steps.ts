import { type Outcome, pass, skip } from '../outcome.ts';
import type { CheckTask } from '../types.ts';
import type { World } from '../world.ts';
import type { Answer } from './answer.ts';
import { call } from './call.ts';
import { notAccepted, notLoggedIn, notRefreshed, stillLoggedIn, unexpected } from './diagnose.ts';

export interface SessionStep {
  readonly id: string;
  readonly title: string;
  readonly run: (world: World) => Promise<Outcome>;
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What comes before the page is reloaded. The credentials are nowhere but in these closures. */
export function stepsBeforeReload(task: CheckTask): readonly SessionStep[] {
  const fresh = task.register ? newUser() : null;
  const credentials = task.login ?? fresh;
  return [
    ...(fresh === null ? [] : [registration(fresh)]),
    ...(credentials === null ? [] : [login(credentials), user('user', 'User after the login')]),
  ];
}

/** What comes after it: nothing of it needs a password. */
export const STEPS_AFTER_RELOAD: readonly SessionStep[] = [
  user('user-after-reload', 'User after a reload of the page'),
  {
    id: 'refresh',
    title: 'Refresh',
    run: async (world) => {
      const answer = await call(world.settings, 'POST', 'token/refresh/');
      return isDone(answer) ? pass('The API gave a new access token.') : notRefreshed(answer, world);
    },
  },
  user('user-after-refresh', 'User after the refresh'),
  {
    id: 'logout',
    title: 'Logout',
    run: async (world) => {
      const answer = await call(world.settings, 'POST', 'logout/');
      return isDone(answer) ? pass('The API logged the user out.') : unexpected(answer, world);
    },
  },
  {
    id: 'user-after-logout',
    title: 'No user after the logout',
    run: async (world) => {
      const answer = await call(world.settings, 'GET', 'user/');
      const isOut = answer.kind === 'answered' && (answer.status === 401 || answer.status === 403);
      return isOut ? pass(`The API answers ${answer.status}.`) : stillLoggedIn(answer, world);
    },
  },
];

function isDone(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}

/** Nobody's: 128 random bits each. */
function newUser(): Credentials {
  const random = (): string => crypto.randomUUID().replaceAll('-', '');
  return { username: `check-${random().slice(0, 20)}`, password: `${random()}aA1!` };
}

function registration({ username, password }: Credentials): SessionStep {
  return {
    id: 'register',
    title: 'Registration',
    run: async (world) => {
      const answer = await call(world.settings, 'POST', 'registration/', {
        username,
        email: `${username}@${world.settings.site}`,
        password1: password,
        password2: password,
      });
      if (isDone(answer)) return pass(`${username} was registered.`);
      if (answer.kind === 'answered' && answer.status === 404)
        return skip('The API has no registration; log in with a user of its own instead.');
      return unexpected(answer, world);
    },
  };
}

function login({ username, password }: Credentials): SessionStep {
  return {
    id: 'login',
    title: 'Login',
    run: async (world) => {
      let answer: Answer | undefined;
      for (const field of loginFields(username, world)) {
        answer = await call(world.settings, 'POST', 'login/', { [field]: username, password });
        if (isDone(answer)) return pass(`The API accepted the ${field} ${username}.`);
        // dj-rest-auth answers 400 to a login by the field that it is not set up for.
        if (answer.kind !== 'answered' || answer.status !== 400) break;
      }
      return answer === undefined ? skip('There is no field to log in by.') : notAccepted(answer, world);
    },
  };
}

/**
 * The likelier one first: a failed try may count against the user. What is no address is never tried as one. The bundled
 * API takes what it is set up for.
 */
function loginFields(username: string, { settings }: World): readonly ('username' | 'email')[] {
  const fields = username.includes('@') ? (['email', 'username'] as const) : (['username'] as const);
  const wanted = fields.filter((field) => !settings.bundled || settings.loginBy.includes(field));
  return wanted.length > 0 ? wanted : settings.loginBy;
}

function user(id: string, title: string): SessionStep {
  return {
    id,
    title,
    run: async (world) => {
      const answer = await call(world.settings, 'GET', 'user/');
      return answer.kind === 'answered' && answer.status === 200
        ? pass('The API knows who it is.')
        : notLoggedIn(answer, world);
    },
  };
}
