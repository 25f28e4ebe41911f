import { CHECK_PREFIX, COOKIE_PREFIX } from './places.ts';

type Side = 'frontend' | 'api';

/** Should the page not come to deleting them. */
const SECONDS = 120;

/** The attributes of each cookie of the matrix. The page knows what becomes of each in a browser. */
function matrix(side: Side, site: string): Readonly<Record<string, string>> {
  if (side === 'frontend') {
    return {
      'http-only': 'Secure; HttpOnly; SameSite=Lax',
      script: 'Secure; SameSite=Lax',
    };
  }
  return {
    lax: 'Secure; HttpOnly; SameSite=Lax',
    strict: 'Secure; HttpOnly; SameSite=Strict',
    none: 'Secure; HttpOnly; SameSite=None',
    partitioned: 'Secure; HttpOnly; SameSite=None; Partitioned',
    'no-secure': 'HttpOnly; SameSite=Lax',
    'none-no-secure': 'HttpOnly; SameSite=None',
    site: `Domain=${site}; Secure; SameSite=Lax`,
  };
}

/** The Set-Cookie lines that set the matrix of a host, with one value for all. */
export function settingLines(side: Side, site: string, value: string): readonly string[] {
  return Object.entries(matrix(side, site)).map(([name, attributes]) =>
    line(name, value, SECONDS, attributes),
  );
}

/** Those that delete it again: same name, Domain and Path (RFC 6265bis, 5.7), and Partitioned where it was set so. */
export function deletingLines(side: Side, site: string): readonly string[] {
  return Object.entries(matrix(side, site)).map(([name, attributes]) => line(name, '', 0, attributes));
}

function line(name: string, value: string, seconds: number, attributes: string): string {
  return `${COOKIE_PREFIX}${name}=${value}; Path=${CHECK_PREFIX}; Max-Age=${seconds}; ${attributes}`;
}

/**
 * What the page is told of a Cookie field: the check's own cookies, named without their prefix, and which of `tokenNames`
 * came. The values of others are nobody's business.
 */
export function describeCookies(
  field: string | undefined,
  tokenNames: readonly string[],
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const pair of (field ?? '').split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name.startsWith(COOKIE_PREFIX)) found[name.slice(COOKIE_PREFIX.length)] = value;
    else if (tokenNames.includes(name)) found[name] = '';
  }
  return found;
}
