import type { FindingCode } from '../../findings/codes.ts';
import { OWN } from '../own.ts';
import type { ErrorPattern, OwnExplanation } from '../types.ts';

const SOURCE = 'curl(1), EXIT CODES';

type CurlCode = readonly [exitCode: number, says: FindingCode | OwnExplanation, words?: string];

/** curl's exit codes; words behind the code decide where one code has several meanings. */
const CODES: readonly CurlCode[] = [
  [5, OWN.proxyUnreachable],
  [6, 'JD501', 'Could not resolve host: (?<host>[^\\s]{1,255})'],
  [6, 'JD501'],
  [7, OWN.nothingListens, 'Failed to connect to (?<host>[^\\s]{1,255}) port (?<port>\\d{1,5})'],
  [7, OWN.nothingListens],
  [28, OWN.timedOut],
  [35, OWN.tlsToPlainPort, '[^\\n]{0,120}?wrong version number'],
  [35, 'JD304', '[^\\n]{0,120}?(?:unrecognized name|no application protocol)'],
  [35, OWN.handshakeFailed],
  [47, OWN.redirectLoop],
  [
    51,
    'JD304',
    "SSL: no alternative certificate subject name matches target host ?name '(?<host>[^'\\s]{1,255})'",
  ],
  [51, 'JD304'],
  [52, OWN.connectionLost],
  [56, OWN.proxyUnreachable, '[^\\n]{0,60}?CONNECT[^\\n]{0,60}?\\d{3}'],
  [56, OWN.connectionLost],
  [
    60,
    'JD304',
    "SSL: no alternative certificate subject name matches target (?:host ?name|ipv4 address) '(?<host>[^'\\s]{1,255})'",
  ],
  [60, 'JD306', 'SSL certificate problem: certificate (?:has expired|is not yet valid)'],
  [
    60,
    OWN.certificateMalformed,
    'SSL certificate problem: (?:permitted subtree violation|invalid CA certificate)',
  ],
  [60, 'JD303', 'SSL certificate problem: (?<value>[^\\n]{1,80})'],
  [60, 'JD303'],
  [77, OWN.caFileUnreadable, 'error setting certificate (?:verify locations|file)[^\\n]{0,200}'],
  [77, OWN.caFileUnreadable],
  [92, OWN.protocolBroken],
];

/** curl, by its exit codes. */
export const CURL: readonly ErrorPattern[] = [
  ...CODES.map(
    ([exitCode, says, words]): ErrorPattern => ({
      client: 'curl',
      pattern:
        words === undefined
          ? new RegExp(
              `\\bcurl(?:: \\(${exitCode}\\)|[^\\n]{0,60}?\\b(?:exit(?:ed)?|returned|error)(?: with)?(?: exit)?(?: code| status)?:? ?${exitCode}\\b|:? ${exitCode}\\b(?!\\.\\d))`,
            )
          : new RegExp(`\\bcurl: \\(${exitCode}\\) ${words}`),
      says,
      source: SOURCE,
    }),
  ),
  {
    client: 'curl',
    pattern: /SSL: no alternative certificate subject name matches target/,
    says: 'JD304',
    vague: 1,
    source: 'curl, lib/vtls/openssl.c',
  },
];
