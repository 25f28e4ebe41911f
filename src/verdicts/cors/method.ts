/** Fetch, "normalize a method": these and only these are put into upper case. `patch` stays as it is. */
const NORMALISED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

export function normalMethod(method: string): string {
  const upper = method.toUpperCase();
  return NORMALISED.has(upper) ? upper : method;
}

/** Fetch, "CORS-safelisted method": they pass whatever the preflight's answer lists. */
export function isSafelistedMethod(method: string): boolean {
  return ['GET', 'HEAD', 'POST'].includes(normalMethod(method));
}
