/** Where everything of the browser check is, on every host of the configuration. */
export const CHECK_PREFIX = '/__jwt-dev/check';

/** Of what the check's cookies are called. They are sent below `CHECK_PREFIX` only, so no backend ever sees one. */
export const COOKIE_PREFIX = 'jwt-dev-check-';

/** What the handler must know of the environment. */
export interface CheckPlace {
  /** Origins, as browsers write them: `https://example.com:8443`. */
  readonly frontend: string;
  readonly api: string;
  /** The registrable domain of both. */
  readonly site: string;
}

/** Which of the two hosts a request is for, by its Host field; null: neither. */
export function sideOf(
  host: string | undefined,
  { frontend, api }: CheckPlace,
): 'frontend' | 'api' | 'elsewhere' {
  const origin = originOfHost(host);
  if (origin === frontend) return 'frontend';
  return origin === api ? 'api' : 'elsewhere';
}

/** The URL Standard leaves the default port out, whether it was written or not. */
function originOfHost(host: string | undefined): string | null {
  const url = `https://${host ?? ''}`;
  return URL.canParse(url) ? new URL(url).origin : null;
}
