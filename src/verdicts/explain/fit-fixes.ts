import type { FindingCode } from '../findings/codes.ts';
import type { Fix } from '../findings/types.ts';

/** The values of a case in the place of the examples' ones, so that a fix can be copied as it stands. */
export function fitFixes(
  fixes: readonly Fix[],
  code: FindingCode | null,
  parameters: Readonly<Record<string, string>>,
): readonly Fix[] {
  const replacements = replacementsFor(code, parameters);
  if (replacements.length === 0) return fixes;
  return fixes.map(({ place, text }) => ({
    place,
    text: replacements.reduce((now, [from, to]) => now.replaceAll(from, to), text),
  }));
}

function replacementsFor(
  code: FindingCode | null,
  { origin, header, host }: Readonly<Record<string, string>>,
): readonly (readonly [from: string, to: string])[] {
  if (code === 'JD209' && header !== undefined && /^[\w-]{1,60}$/.test(header)) {
    return [["'x-csrftoken'", `'${header.toLowerCase()}'`]];
  }
  if (code === 'JD601' && host !== undefined && /^[\w.-]{1,253}$/.test(host)) {
    return [
      ["'api.example.com'", `'${host}'`],
      ["'example.com'", `'${host}'`],
      ['["example.com"]', `["${host}"]`],
    ];
  }
  const page = isAboutOrigin(code) ? siteOrigin(origin) : undefined;
  return page === undefined ? [] : [["'https://example.com'", `'${page}'`]];
}

/** Codes whose fix is to name the page's origin in the backend. */
function isAboutOrigin(code: FindingCode | null): boolean {
  return code === 'JD430' || (code !== null && code.startsWith('JD20'));
}

/**
 * The origin, where it makes sense to allow it. Not localhost: its pages are another site than the API, so the
 * next thing to fail would be the cookies.
 */
function siteOrigin(origin: string | undefined): string | undefined {
  if (origin === undefined || !URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  if (url.protocol !== 'https:' || url.hostname === 'localhost' || /^[\d.]+$/.test(url.hostname))
    return undefined;
  return url.origin;
}
