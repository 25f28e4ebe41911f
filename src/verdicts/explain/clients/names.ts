import { COOKIE_CODES, CORS_CODES } from '../../findings/chromium-names.ts';
import type { FindingCode } from '../../findings/codes.ts';
import { FINDING_CODES, FINDINGS } from '../../findings/table.ts';
import { OWN } from '../own.ts';
import type { ErrorPattern, OwnExplanation } from '../types.ts';

/** Names that this Chromium does not use (any more), but that people still find. */
const OLDER: Readonly<Record<string, FindingCode>> = {
  SameSiteStrict: 'JD445',
  SameSiteLax: 'JD445',
  SameSiteUnspecifiedTreatedAsLax: 'JD445',
  ThirdPartyPhaseout: 'JD445',
  ThirdPartyBlockedInFirstPartySet: 'JD445',
  InvalidSyntax: 'JD446',
  InsecurePrivateNetwork: 'JD502',
  PreflightMissingAllowPrivateNetwork: 'JD502',
  PreflightInvalidAllowPrivateNetwork: 'JD502',
  UnexpectedPrivateNetworkAccess: 'JD502',
};

const BLOCKED_REASONS: Readonly<Record<string, FindingCode>> = {
  'mixed-content': 'JD213',
  'corp-not-same-origin': 'JD215',
  'corp-not-same-site': 'JD215',
  'corp-not-same-origin-after-defaulted-to-same-origin-by-coep': 'JD215',
};

const OWN_REASONS: Readonly<Record<string, OwnExplanation>> = {
  NotOnPath: OWN.cookieNotOnPath,
  DomainMismatch: OWN.cookieOtherHost,
};

/** The bare names of Chromium's protocol. */
export const CHROMIUM_NAMES: readonly ErrorPattern[] = Object.entries({
  ...CORS_CODES,
  ...COOKIE_CODES,
  ...OLDER,
  ...OWN_REASONS,
  ...BLOCKED_REASONS,
}).flatMap(([name, says]): readonly ErrorPattern[] => {
  if (says === null) return [];
  const pattern = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  return [
    { client: 'Chromium', pattern, says, reason: name, source: 'Chrome DevTools Protocol, domain Network' },
  ];
});

/** Our own codes and names: `JD102`, `credentials-missing`. */
export const OUR_NAMES: readonly ErrorPattern[] = FINDING_CODES.flatMap((code): readonly ErrorPattern[] => [
  { client: 'jwt-dev', pattern: new RegExp(`\\b${code}\\b`, 'i'), says: code, source: FINDINGS[code].source },
  {
    client: 'jwt-dev',
    pattern: new RegExp(`(?<![\\w-])${FINDINGS[code].name}(?![\\w-])`),
    says: code,
    source: FINDINGS[code].source,
  },
]);
