import type { CorsProblem, HeaderPairs } from '../../verdicts/cors/types.ts';
import { valuesOf } from '../../verdicts/header-pairs.ts';
import type { InstancesFacts } from '../facts/instance.ts';
import type { DoctorWorld } from '../types.ts';
import { openPage, type Visit } from './page.ts';
import { type ApiTarget, findApi } from './target.ts';

/** What the API says to browsers that are not logged in. */
export interface ApiCorsFacts {
  readonly target: ApiTarget;
  /** One request of each kind that a frontend makes; each of them is preceded by a preflight. */
  readonly asked: readonly Visit[];
  /** The login path without and with its final slash. */
  readonly slashes: readonly Visit[];
  /** Answers that are errors. */
  readonly errors: readonly Visit[];
  /** What pages are told that have no business here. */
  readonly foreign: readonly { readonly origin: string; readonly grants: readonly string[] }[];
}

/** A site of nobody's (RFC 2606), a subdomain that was not asked for, and a sandboxed frame. */
function strangers({ pageOrigin }: ApiTarget): readonly string[] {
  const { hostname } = new URL(pageOrigin);
  return [
    'https://attacker.test',
    `https://not-the-frontend.${hostname}`,
    `https://${hostname}.attacker.test`,
    'null',
  ];
}

/** Asks without logging in. null: no API was named. @throws JwtDevError ERR_USAGE */
export async function readApiCors(
  world: DoctorWorld,
  instances: InstancesFacts,
): Promise<ApiCorsFacts | null> {
  if (world.api === null) return null;
  const target = await findApi(world.api, world, instances);
  const { basePath } = target;
  const page = openPage(target, world);
  const csrf = { 'x-csrftoken': 'a'.repeat(32) };
  const login = { method: 'POST', path: `${basePath}login/`, json: {} };
  const atLogin = await page.fetch(login);
  return {
    target,
    asked: [
      atLogin,
      await page.fetch({ method: 'POST', path: `${basePath}token/refresh/`, json: {}, headers: csrf }),
      await page.fetch({ method: 'POST', path: `${basePath}logout/`, json: {}, headers: csrf }),
      await page.fetch({ method: 'GET', path: `${basePath}user/`, headers: csrf }),
      await page.fetch({ method: 'PATCH', path: `${basePath}user/`, json: {}, headers: csrf }),
    ],
    slashes: [await page.fetch({ ...login, path: `${basePath}login` }), atLogin],
    errors: [
      await page.fetch({ method: 'GET', path: `${basePath}user/` }),
      await page.fetch({ method: 'GET', path: `${basePath}there-is-no-such-path/` }),
      await page.fetch({ method: 'GET', path: `${basePath}login/` }),
      await page.fetch({ method: 'POST', path: `${basePath}token/refresh/`, json: {} }),
    ],
    foreign: await Promise.all(
      strangers(target).map(async (origin) => ({
        origin,
        grants: grantsOf(origin, await openPage(target, world, origin).fetch(login)),
      })),
    ),
  };
}

/** Each answer that lets a page of that origin in. */
function grantsOf(origin: string, visit: Visit): readonly string[] {
  const answers: readonly (readonly [string, HeaderPairs, CorsProblem | null])[] = [
    ...(visit.preflight === null
      ? []
      : [
          [
            `preflight of ${visit.method} ${visit.path}`,
            visit.preflight.answer.headers,
            visit.preflight.problem,
          ] as const,
        ]),
    [`${visit.method} ${visit.path}`, visit.headers, visit.problem],
  ];
  return answers.flatMap(([what, headers, problem]) => {
    if (visit.silent !== null || problem !== null) return [];
    const [allowed] = valuesOf(headers, 'access-control-allow-origin');
    return [`${what}: Access-Control-Allow-Origin: ${allowed ?? origin}, with credentials`];
  });
}
