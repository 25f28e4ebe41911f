import { isSameOrigin, isTrustworthyUrl, originOf } from './origin.ts';
import type { AddressSpace, CorsProblem, JudgeSettings } from './types.ts';

export interface LocalNetworkRequest {
  readonly pageUrl: string;
  readonly pageOrigin: string;
  readonly pageSpace: AddressSpace;
  readonly target: URL;
  readonly targetSpace: AddressSpace;
  /** `targetAddressSpace` of the call, null where there is none. */
  readonly declared: AddressSpace | null;
}

/**
 * WICG Local Network Access, "local network access check", as far as Chromium 156 enforces it: only public pages are
 * checked, for targets in the local network and on this machine; `local` pages reach `loopback` freely. The check is
 * made when the connection is there, before anything is sent, so that it comes before the preflight and for every mode.
 * Requests to the page's own trustworthy origin are exempt. Where the script has declared the target's space, any page is
 * refused a target that turns out to be elsewhere.
 */
export function checkLocalNetwork(
  request: LocalNetworkRequest,
  decision: JudgeSettings['localNetworkAccess'],
): CorsProblem | null {
  if (isTrustworthyUrl(request.target) && isSameOrigin(request.pageOrigin, originOf(request.target))) {
    return null;
  }
  const refused = (error: CorsProblem['error']): CorsProblem => ({
    error,
    failedParameter: '',
    on: 'request',
    header: null,
    value: null,
    wanted: null,
  });
  const { declared, targetSpace } = request;
  if (declared !== null && declared !== 'unknown' && declared !== targetSpace) {
    return refused('InvalidLocalNetworkAccess');
  }
  const morePrivate = targetSpace === 'local' || targetSpace === 'loopback';
  if (request.pageSpace !== 'public' || !morePrivate) return null;
  // A page that is no secure context cannot even ask.
  if (!URL.canParse(request.pageUrl) || !isTrustworthyUrl(new URL(request.pageUrl))) {
    return refused('InsecureLocalNetwork');
  }
  return decision === 'granted' ? null : refused('LocalNetworkAccessPermissionDenied');
}
