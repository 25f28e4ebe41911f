/** What the middleware of django-cors-headers decides from a request. Pure. */
export interface CorsRequest {
  readonly method: string;
  readonly origin: string | undefined;
  readonly requestedMethod: string | undefined;
}

export interface CorsDecision {
  /** Answered right away, before any routing: 200 with an empty body, whatever the path. */
  readonly preflight: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

const ALLOWED_HEADERS = 'accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with';
const ALLOWED_METHODS = 'DELETE, GET, OPTIONS, PATCH, POST, PUT';
const MAX_AGE_SECONDS = 86_400;

/**
 * An origin that is not allowed is served all the same, without the headers: it is the browser that keeps the
 * answer from the page. The lists do not depend on what is asked for.
 */
export function decideCors(request: CorsRequest, allowedOrigins: readonly string[]): CorsDecision {
  const preflight = request.method === 'OPTIONS' && request.requestedMethod !== undefined;
  const { origin } = request;
  if (origin === undefined || origin === '' || !isAllowed(origin, allowedOrigins))
    return { preflight, headers: {} };
  return {
    preflight,
    headers: {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      ...(request.method === 'OPTIONS'
        ? {
            'Access-Control-Allow-Headers': ALLOWED_HEADERS,
            'Access-Control-Allow-Methods': ALLOWED_METHODS,
            'Access-Control-Max-Age': String(MAX_AGE_SECONDS),
          }
        : {}),
    },
  };
}

/** Scheme and authority are compared, the scheme in any case; a browser sends nothing else anyway. */
function isAllowed(origin: string, allowedOrigins: readonly string[]): boolean {
  if (allowedOrigins.includes(origin)) return true;
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(origin);
  return match !== null && allowedOrigins.includes(`${match[1]?.toLowerCase()}://${match[2]}`);
}
