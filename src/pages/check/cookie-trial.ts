import type { CheckEcho } from './types.ts';
import type { World } from './world.ts';

/** What became of the cookies that both hosts set. */
export interface CookieTrial {
  /** The value that all of them were given. */
  readonly nonce: string;
  /** What came back to each host. */
  readonly api: CheckEcho['cookies'];
  readonly frontend: CheckEcho['cookies'];
  /** document.cookie while they were there. */
  readonly script: string;
  /** Those that are still sent once they were deleted, by host and name. */
  readonly left: readonly string[];
}

/** Two tabs must not delete each other's cookies; where there are no locks, nobody waits. */
export async function tryCookies(world: World): Promise<CookieTrial> {
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) return trial(world);
  return await locks.request('jwt-dev-check-cookies', () => trial(world));
}

async function trial({ askApi, askFrontend }: World): Promise<CookieTrial> {
  const nonce = crypto.randomUUID();
  const request = { method: 'POST', json: { nonce } } as const;
  await Promise.all([askApi('/cookies', request), askFrontend('/cookies', request)]);
  try {
    const [api, frontend] = await Promise.all([askApi('/echo'), askFrontend('/echo')]);
    const script = document.cookie;
    await deleteAll({ askApi, askFrontend });
    const [apiAfter, frontendAfter] = await Promise.all([askApi('/echo'), askFrontend('/echo')]);
    const left = [
      ...ownNames(apiAfter, nonce).map((name) => `${name} (API)`),
      ...ownNames(frontendAfter, nonce).map((name) => `${name} (frontend)`),
    ];
    return { nonce, api: api.cookies, frontend: frontend.cookies, script, left };
  } catch (error) {
    await deleteAll({ askApi, askFrontend });
    throw error;
  }
}

async function deleteAll({ askApi, askFrontend }: Pick<World, 'askApi' | 'askFrontend'>): Promise<void> {
  const request = { method: 'DELETE' } as const;
  await Promise.all([askApi('/cookies', request), askFrontend('/cookies', request)]);
}

function ownNames({ cookies }: CheckEcho, nonce: string): readonly string[] {
  return Object.keys(cookies).filter((name) => cookies[name] === nonce);
}
