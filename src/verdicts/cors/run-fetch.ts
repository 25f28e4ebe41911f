import { checkHeaders } from './check-headers.ts';
import { askLeave, sendRequest } from './exchange.ts';
import type { FetchRun, Hop, Outcome } from './fetch-state.ts';
import { followRedirect, OPAQUE_REDIRECT, otherScheme } from './follow-redirect.ts';
import { checkLocalNetwork } from './local-network.ts';
import { isMixedContent } from './mixed-content.ts';
import { hasUserinfo, isSameOrigin, originOf } from './origin.ts';
import { isRedirectStatus, redirectLocation } from './redirect.ts';
import type { AddressSpace, CorsProblem, CorsRequest, HttpAnswer } from './types.ts';
import { visibleHeaders } from './visible-headers.ts';

/** Blink's checks, before the network service hears of the request. */
function checkBeforeNetwork(run: FetchRun, hop: Hop, declared: AddressSpace | null): Outcome | null {
  const { mode, pageOrigin, redirect } = hop.request;
  const foreign = !isSameOrigin(pageOrigin, originOf(hop.url));
  if (mode === 'same-origin' && foreign) {
    return hop.redirects === 0 ? { netError: 'TypeError' } : { blockedReason: 'origin' };
  }
  // Fetch, "main fetch": a `no-cors` request to another origin follows redirects.
  if (mode === 'no-cors' && foreign && redirect !== 'follow') return { netError: 'TypeError' };
  // `fetch` itself refuses userinfo; Blink does after a redirect.
  if (hasUserinfo(hop.url)) return { netError: 'net::ERR_ABORTED' };
  if (!/^https?:$/.test(hop.url.protocol)) return otherScheme(hop);
  return isMixedContent(run.page.url, hop.url, declared) ? { blockedReason: 'mixed-content' } : null;
}

function checkConnection(run: FetchRun, hop: Hop, declared: AddressSpace | null): CorsProblem | null {
  return checkLocalNetwork(
    {
      pageUrl: run.page.url,
      pageOrigin: hop.request.pageOrigin,
      pageSpace: run.pageSpace,
      target: hop.url,
      targetSpace: run.settings.addressSpaceOf(hop.url),
      declared,
    },
    run.settings.localNetworkAccess,
  );
}

function finalOutcome(hop: Hop, answer: HttpAnswer): Outcome {
  // Fetch, "HTTP fetch": the status alone decides, with a `Location` or without.
  if (hop.request.redirect === 'manual' && isRedirectStatus(answer.status)) return OPAQUE_REDIRECT;
  const redirected = hop.redirects > 0;
  if (hop.tainting === 'opaque') return { type: 'opaque', status: 0, redirected: false };
  return {
    readable: true,
    type: hop.tainting,
    status: answer.status,
    redirected,
    visibleHeaders: visibleHeaders(hop.tainting, answer, hop.request.credentials),
  };
}

/** Fetch, "main fetch", step 12: how the answer is seen, and with it whether `same-origin` credentials go along. */
function enterHop(hop: Hop): Hop {
  const { mode, pageOrigin, credentials } = hop.request;
  const foreign = !isSameOrigin(pageOrigin, originOf(hop.url));
  if (mode === 'no-cors') {
    const tainting = foreign || hop.originTainted || hop.tainting === 'opaque' ? 'opaque' : 'basic';
    return { ...hop, tainting, credentialed: includes(credentials, tainting) };
  }
  const crossOrigin = hop.crossOrigin || foreign;
  const tainting = crossOrigin ? 'cors' : 'basic';
  return { ...hop, crossOrigin, tainting, credentialed: includes(credentials, tainting) };
}

function includes(credentials: CorsRequest['credentials'], tainting: Hop['tainting']): boolean {
  return credentials === 'include' || (credentials === 'same-origin' && tainting === 'basic');
}

/** Plays one hop: what became of it, or the next one. */
function playHop(run: FetchRun, hop: Hop, declared: AddressSpace | null): { readonly next: Hop } | Outcome {
  const stopped = checkBeforeNetwork(run, hop, declared);
  if (stopped !== null) return stopped;
  const problem = checkConnection(run, hop, declared);
  if (problem !== null) return { problem };
  const refused = askLeave(run, hop);
  if (refused !== null) return refused;
  const sent = sendRequest(run, hop);
  if ('netError' in sent) return sent;
  const { answer } = sent;
  const location = redirectLocation(answer);
  if (location !== null) return followRedirect(hop, answer, location);
  return checkHeaders(hop, answer) ?? finalOutcome(hop, answer);
}

/** @param declared `targetAddressSpace` of the call; it is about the first target only. */
export function runFetch(run: FetchRun, request: CorsRequest, declared: AddressSpace | null): Outcome {
  let hop: Hop = {
    url: new URL(request.url),
    request,
    redirects: 0,
    crossOrigin: false,
    originTainted: false,
    tainting: 'basic',
    credentialed: false,
  };
  for (;;) {
    hop = enterHop(hop);
    const step = playHop(run, hop, hop.redirects === 0 ? declared : null);
    if (!('next' in step)) return step;
    hop = step.next;
  }
}
