import type { FindingCode } from '../../findings/codes.ts';
import { OWN } from '../own.ts';
import type { ErrorPattern, OwnExplanation } from '../types.ts';

const SOURCE = 'Chromium DevTools, front_end/core/sdk/NetworkRequest.ts';

/** How the sentences begin, in the tooltip of a Set-Cookie header and of a cookie in the Cookies tab. */
const SETTING = 'This attempt to set a cookie via a Set-Cookie header was blocked ';
const SENDING = 'This cookie was blocked ';
const EITHER = `(?:${SETTING}|${SENDING})`;
/** A sentence goes on behind what decides it. */
const REST = '[^\\n.]{0,200}';

type Sentence = readonly [reason: string, words: string, says: FindingCode | OwnExplanation];

/** DevTools' human sentences about cookies: more telling ones first. */
const SENTENCES: readonly Sentence[] = [
  [
    'SecureOnly',
    `${SETTING}because it had the "Secure" attribute but was not received over a secure`,
    'JD443',
  ],
  [
    'SecureOnly',
    `${SENDING}because it had the "Secure" attribute and the connection was not secure`,
    'JD443',
  ],
  [
    'SameSiteNoneInsecure',
    `${EITHER}because it had the "SameSite=None" attribute but (?:did not have|was not marked)`,
    'JD441',
  ],
  [
    'SchemefulSameSiteStrict',
    `${EITHER}because it had the "SameSite=Strict" attribute (?:but|and)${REST}`,
    'JD445',
  ],
  [
    'SchemefulSameSiteLax',
    `${EITHER}because it had the "SameSite=Lax" attribute (?:but|and)${REST}`,
    'JD445',
  ],
  [
    'SchemefulSameSiteUnspecifiedTreatedAsLax',
    `This (?:Set-Cookie header|cookie) didn't specify a "SameSite" attribute${REST}`,
    'JD445',
  ],
  ['UserPreferences', `${EITHER}due to (?:user preferences|third-party cookie phaseout)`, 'JD445'],
  [
    'ThirdPartyPhaseout',
    '(?:Setting this cookie|This cookie) was blocked either because of Chrome flags or browser configuration',
    'JD445',
  ],
  [
    'OverwriteSecure',
    `${SETTING}because it was not sent over a secure connection and would have overwritten`,
    'JD443',
  ],
  [
    'InvalidDomain',
    `${SETTING}because its Domain attribute was invalid with regards to the current host url`,
    'JD440',
  ],
  ['InvalidPrefix', `${SETTING}because it used the "_{2}(?:Secure|Host)-"${REST}`, 'JD442'],
  ['NameValuePairExceedsMaxSize', `${SETTING}because the cookie was too large`, 'JD444'],
  ['NameValuePairExceedsMaxSize', `${SENDING}because it was too large`, 'JD444'],
  [
    'NameValuePairExceedsMaxSize',
    'Set-Cookie header is ignored in response from url: (?<url>\\S{1,2000})',
    'JD444',
  ],
  ['DisallowedCharacter', 'This Set-Cookie header contain(?:s|ed) a? ?disallowed characters?', 'JD446'],
  ['InvalidSyntax', 'This Set-Cookie header had invalid syntax', 'JD446'],
  ['SchemeNotSupported', 'The scheme of this connection is not allowed to store cookies', OWN.corsNotHttp],
  [
    'NotOnPath',
    `${SENDING}because its path was not an exact match for or a superdirectory of`,
    OWN.cookieNotOnPath,
  ],
  [
    'DomainMismatch',
    `${SENDING}because neither did the request URL's domain exactly match`,
    OWN.cookieOtherHost,
  ],
];

/** DevTools' sentences about cookies. */
export const CHROMIUM_COOKIES: readonly ErrorPattern[] = [
  ...SENTENCES.map(
    ([reason, words, says]): ErrorPattern => ({
      client: 'Chromium',
      pattern: new RegExp(words),
      says,
      reason,
      source: SOURCE,
    }),
  ),
  {
    client: 'Chromium',
    pattern: /Mark cross-site cookies as Secure to allow setting them in cross-site contexts/,
    says: 'JD441',
    reason: 'SameSiteNoneInsecure',
    source: 'Chromium DevTools, Issues: SameSiteNoneInsecureErrorSet',
  },
  {
    client: 'Chromium',
    pattern:
      /Indicate whether (?:to send )?a cookie (?:is intended to be set )?in (?:a )?cross-site (?:context|request)s?/,
    says: 'JD445',
    reason: 'SchemefulSameSiteUnspecifiedTreatedAsLax',
    source: 'Chromium DevTools, Issues: SameSiteUnspecifiedLaxAllowUnsafe',
  },
  {
    client: 'Chromium',
    pattern: /Migrate entirely to HTTPS to (?:have cookies sent|allow cookies to be set)/,
    says: 'JD101',
    source: 'Chromium DevTools, Issues: SameSiteExcludeNavigationContextDowngrade',
  },
];
