import { OWN } from '../own.ts';
import type { ErrorPattern } from '../types.ts';

const CORS = 'WebKit, Source/WebCore/loader/CrossOriginAccessControl.cpp';
const NETWORK = 'WebKit and CFNetwork, NSURLError descriptions';

/** Safari, and Playwright's WebKit. */
export const SAFARI: readonly ErrorPattern[] = [
  {
    client: 'Safari',
    pattern:
      /Origin (?<origin>[^\s]{1,300}) is not allowed by Access-Control-Allow-Origin(?:\. Status code: (?<status>\d{3}))?/,
    says: 'JD203',
    note: 'Safari says the same where the header is missing altogether (JD206).',
    source: CORS,
  },
  {
    client: 'Safari',
    pattern: /Credentials flag is true, but Access-Control-Allow-Credentials is not "?true"?/,
    says: 'JD202',
    source: CORS,
  },
  {
    client: 'Safari',
    pattern: /Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true/,
    says: 'JD201',
    source: CORS,
  },
  {
    client: 'Safari',
    pattern: /Access-Control-Allow-Origin cannot contain more than one origin/,
    says: 'JD205',
    source: CORS,
  },
  {
    client: 'Safari',
    pattern: /Preflight response is not successful(?:\. Status code: (?<status>\d{3}))?/,
    says: 'JD208',
    source: CORS,
  },
  {
    client: 'Safari',
    pattern:
      /Request header field (?<header>[\w-]{1,100}) is not allowed by Access-Control-Allow-Headers\b(?! in preflight)/,
    says: 'JD209',
    source: CORS,
  },
  {
    client: 'Safari',
    pattern:
      /Method (?<method>[\w-]{1,60}) is not allowed by Access-Control-Allow-Methods\b(?! in preflight)/,
    says: 'JD210',
    source: CORS,
  },
  {
    client: 'Safari',
    pattern:
      /(?:Fetch API|XMLHttpRequest|EventSource|Beacon API)? ?cannot load (?<url>[^\s]{1,2000}) due to access control checks/,
    says: OWN.corsRefused,
    vague: 1,
    note: 'The line above it in Safari’s console tells which check it was.',
    source: 'WebKit, Source/WebCore/loader/ThreadableLoader.cpp',
  },
  {
    client: 'Safari',
    pattern:
      /\[blocked\] The page at (?<page>[^\s]{1,2000}) (?:was not allowed to|requested insecure content from|was blocked from)[\w ]{0,60}(?<url>http:[^\s]{1,2000})?/,
    says: 'JD213',
    source: 'WebKit, Source/WebCore/loader/MixedContentChecker.cpp',
  },
  {
    client: 'Safari',
    pattern: /This Connection Is Not Private/i,
    says: 'JD301',
    source: 'Safari, certificate warning',
  },
  {
    client: 'Safari',
    pattern: /The certificate for this server is invalid/,
    says: 'JD301',
    source: NETWORK,
  },
  {
    client: 'Safari',
    pattern:
      /An SSL error has occurred and a secure connection to the server cannot be made|can't establish a secure connection to the server/,
    says: OWN.handshakeFailed,
    source: NETWORK,
  },
  {
    client: 'Safari',
    pattern: /A server with the specified hostname could not be found|Safari Can't Find the Server/i,
    says: 'JD501',
    source: NETWORK,
  },
  {
    client: 'Safari',
    pattern: /Could not connect to the server\b|Safari Can't Connect to the Server/i,
    says: OWN.nothingListens,
    source: NETWORK,
  },
  {
    client: 'Safari',
    pattern: /The network connection was lost/,
    says: OWN.connectionLost,
    source: NETWORK,
  },
  {
    client: 'Safari',
    pattern:
      /Cancelled load to [^\s]{1,2000} because it violates the resource's Cross-Origin-Resource-Policy response header/,
    says: 'JD215',
    source: 'WebKit, Source/WebCore/loader/CrossOriginAccessControl.cpp',
  },
  {
    client: 'Safari',
    pattern: /TypeError: Load failed|^Load failed$/m,
    says: OWN.pageKnowsNothing,
    vague: 2,
    source: 'WebKit, Source/WebCore/Modules/fetch/FetchResponse.cpp',
  },
];
