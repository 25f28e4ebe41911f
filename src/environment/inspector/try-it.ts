import { readFile } from 'node:fs/promises';
import type { AuthConfig } from '../../config/types.ts';
import type { InstanceFacts } from '../../control/types.ts';
import { csrfHeader } from '../../doctor/api/csrf-header.ts';
import { openPage } from '../../doctor/api/page.ts';
import { type Probe, probeOverNetwork } from '../../doctor/facts/probe.ts';
import { createTryAnswers } from './try-answer.ts';
import type { TryAnswer, TryRequest } from './types.ts';

/** As which the forms show up in the list of exchanges. */
const AGENT = 'jwt-dev-inspector';

export interface TryPageDeps {
  readonly facts: Pick<InstanceFacts, 'frontend' | 'api' | 'address' | 'httpsPort' | 'caFile' | 'hostnames'>;
  readonly auth: Pick<AuthConfig, 'basePath' | 'cookies'>;
  readonly now: () => Date;
  /** Default: over the network. */
  readonly probe?: Probe;
}

/** A page of the frontend that nobody sees, with a cookie jar of its own. */
export interface TryPage {
  readonly send: (request: TryRequest, options: { readonly reveal: boolean }) => Promise<TryAnswer>;
}

/**
 * Opens a page whose requests go through the environment's own proxy to the API, and nowhere else: as a browser would
 * make them, preflight, cookies and CSRF token included. Only the proxy that has our certificate gets them.
 */
export async function openTryPage(deps: TryPageDeps): Promise<TryPage> {
  const { facts, auth, now, probe = probeOverNetwork } = deps;
  const page = openPage(
    {
      origin: facts.api,
      basePath: auth.basePath,
      pageOrigin: facts.frontend,
      way: {
        secure: true,
        address: facts.address,
        port: facts.httpsPort,
        authority: new URL(facts.api).host,
        // Also in rootless mode: this is the port that its tunnels lead to.
        proxy: null,
        ca: [await readFile(facts.caFile, 'utf8')],
      },
      headers: {},
      said: facts.api,
    },
    { probe, now, userAgent: AGENT, obeysPreflight: true },
  );
  const answers = createTryAnswers({
    frontendOrigin: facts.frontend,
    apiOrigin: facts.api,
    accessCookie: auth.cookies.accessName,
    refreshCookie: auth.cookies.refreshName,
    hostnames: facts.hostnames,
  });
  return {
    send: async (request, { reveal }) => {
      // As a browser resolves it: `/a/../b` is `/b`.
      const { pathname, search } = new URL(`${facts.api}${request.path}`);
      const visit = await page.fetch({
        ...request,
        path: `${pathname}${search}`,
        headers: request.method === 'GET' ? {} : csrfHeader(page),
      });
      return answers.describe(visit, { request, cookies: page.cookies(), now: now(), reveal });
    },
  };
}
