import type { UpstreamNotice } from '../../proxy/types.ts';
import type { FindingCode } from '../../verdicts/findings/codes.ts';
import type { Finding, FixPlace } from '../../verdicts/findings/types.ts';

const CODES = {
  UPSTREAM_BLOCKS_HOST: 'JD601',
  LOOPBACK_FAMILY: 'JD602',
} as const satisfies Record<UpstreamNotice['code'], FindingCode>;

/** Whose settings the fix is for, by the framework that was recognised; the others are told where in the text itself. */
const PLACES: Readonly<Record<string, FixPlace>> = {
  Angular: 'Angular',
  Django: 'Django',
  'Next.js': 'Next.js',
  Rails: 'backend',
  Vite: 'Vite',
  'webpack-dev-server': 'webpack',
};

/** What the proxy saw of an upstream in passing, as a finding. */
export function findingOfNotice(notice: UpstreamNotice, at: number): Finding {
  const place = notice.framework === null ? undefined : PLACES[notice.framework];
  return {
    code: CODES[notice.code],
    evidence: notice.message,
    subject: notice.upstream,
    host: notice.hostname,
    fixes: [{ place: place ?? 'backend', text: notice.fix }],
    ...(place === undefined ? {} : { stack: place }),
    exchanges: [],
    at,
  };
}
