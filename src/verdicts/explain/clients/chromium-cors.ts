import type { CorsError } from '../../cors/types.ts';
import { findingForCorsError } from '../../findings/chromium-names.ts';
import { OWN } from '../own.ts';
import type { ErrorPattern } from '../types.ts';

const SOURCE = 'Chromium, third_party/blink/renderer/platform/loader/cors/cors_error_string.cc';

/** How Chromium’s console opens; people often paste the rest only. */
const ACCESS =
  /(?:Access to [\w ]{1,30} at '(?<url>[^']{1,2000})' (?:\(redirected from '(?<redirectedFrom>[^']{1,2000})'\) )?from origin '(?<origin>[^']{1,300})' has been blocked by CORS policy: )?/
    .source;
const PREFLIGHT = /(?<preflight>Response to preflight request doesn't pass access control check: )?/.source;

type Wording = readonly [reason: CorsError, words: RegExp];

/** With `Preflight…` as the reason where the text says so: see `chromiumReason`. */
const WORDINGS: readonly Wording[] = [
  [
    'MissingAllowOriginHeader',
    /No 'Access-Control-Allow-Origin' header is present on the requested resource/,
  ],
  [
    'WildcardOriginNotAllowed',
    /The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '\*'/,
  ],
  [
    'MultipleAllowOriginValues',
    /The 'Access-Control-Allow-Origin' header contains multiple values '(?<value>[^']{0,500})'/,
  ],
  [
    'InvalidAllowOriginValue',
    /The 'Access-Control-Allow-Origin' header contains the invalid value '(?<value>[^']{0,500})'/,
  ],
  [
    'AllowOriginMismatch',
    /The 'Access-Control-Allow-Origin' header has a value '(?<value>[^']{0,500})' that is not equal to the supplied origin/,
  ],
  [
    'InvalidAllowCredentials',
    /The value of the 'Access-Control-Allow-Credentials' header in the response is '(?<value>[^']{0,500})' which must be 'true'/,
  ],
  ['PreflightInvalidStatus', /It does not have HTTP ok status/],
  ['PreflightDisallowedRedirect', /Redirect is not allowed for a preflight request/],
  [
    'MethodDisallowedByPreflightResponse',
    /Method (?<method>[\w-]{1,60}) is not allowed by Access-Control-Allow-Methods in preflight response/,
  ],
  [
    'HeaderDisallowedByPreflightResponse',
    /Request header field (?<header>[\w-]{1,100}) is not allowed by Access-Control-Allow-Headers in preflight response/,
  ],
  [
    'InvalidAllowMethodsPreflightResponse',
    /Cannot parse Access-Control-Allow-Methods response header field in preflight response/,
  ],
  [
    'InvalidAllowHeadersPreflightResponse',
    /Cannot parse Access-Control-Allow-Headers response header field in preflight response/,
  ],
  [
    'RedirectContainsCredentials',
    /Redirect location '(?<value>[^']{0,2000})' contains a username and password/,
  ],
  [
    'LocalNetworkAccessPermissionDenied',
    /Permission was denied for this request to access the '?(?<value>\w{1,20})'? address space/,
  ],
  [
    'InsecureLocalNetwork',
    /The request client is not a secure context and the resource is in more-private address space '?(?<value>\w{1,20})'?/,
  ],
];

/** Chromium's CORS lines in the console. */
export const CHROMIUM_CORS: readonly ErrorPattern[] = [
  ...WORDINGS.map(
    ([reason, words]): ErrorPattern => ({
      client: 'Chromium',
      pattern: new RegExp(ACCESS + PREFLIGHT + words.source),
      says: findingForCorsError(reason),
      reason,
      source: SOURCE,
    }),
  ),
  {
    client: 'Chromium',
    pattern: new RegExp(
      `${ACCESS}${/(?:Request had (?:no|a) target IP address space|No 'Access-Control-Allow-Private-Network' header was present)/.source}`,
    ),
    says: 'JD502',
    note: 'This is the wording of older versions, which asked the server for leave instead of the user.',
    source: SOURCE,
  },
  {
    client: 'Chromium',
    pattern: new RegExp(`${ACCESS}${/Cross origin requests are only supported for protocol schemes/.source}`),
    says: OWN.corsNotHttp,
    source: SOURCE,
  },
  {
    client: 'Chromium',
    pattern:
      /Access to [\w ]{1,30} at '(?<url>[^']{1,2000})' (?:\(redirected from '(?<redirectedFrom>[^']{1,2000})'\) )?from origin '(?<origin>[^']{1,300})' has been blocked by CORS policy/,
    says: OWN.corsRefused,
    vague: 1,
    source: SOURCE,
  },
  {
    client: 'Chromium',
    pattern:
      /Mixed Content: The page at '(?<page>[^']{1,2000})' was loaded over (?:a secure connection|HTTPS),? but (?:requested an insecure|contains a form|attempted to connect to the insecure|was loaded over)[\w ]{0,60}(?:'(?<url>[^']{1,2000})')?/,
    says: 'JD213',
    source: 'Chromium, third_party/blink/renderer/core/loader/mixed_content_checker.cc',
  },
];
