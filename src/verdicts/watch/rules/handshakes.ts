import type { FindingCode } from '../../findings/codes.ts';
import type { Finding } from '../../findings/types.ts';
import { createLru, touch } from '../memory/lru.ts';
import { NONE } from '../rule.ts';
import type { Sight } from '../sight.ts';
import type { WatchedHandshake, WatchSettings } from '../types.ts';
import { shown } from '../words.ts';

/** Lone resets of one name within the time, and nothing that got through: then it is no speculative connection. */
const RESETS = 3;
const RESETS_WITHIN_MS = 30_000;
const KEPT = 100;

/** The client's alert (RFC 8446, 6.2), and who sends which: measured for each client. Newer OpenSSLs write `SSL/TLS_ALERT`. */
const ALERTS: readonly (readonly [RegExp, FindingCode, string, string])[] = [
  [/ALERT_CERTIFICATE_UNKNOWN$/, 'JD301', 'Chromium', 'A browser of the Chromium family (or a Java program)'],
  [/ALERT_BAD_CERTIFICATE$/, 'JD301', 'Firefox', 'Firefox (or a Go program)'],
  [/ALERT_UNKNOWN_CA$/, 'JD303', 'curl or Python', 'curl, Python or another program with OpenSSL'],
  [/ALERT_CERTIFICATE_EXPIRED$/, 'JD306', 'certificate_expired', 'A client'],
];

export interface HandshakeRules {
  readonly handshake: (handshake: WatchedHandshake) => readonly Finding[];
  /** JD302 needs to know what got through, and which documents failed in the meantime. */
  readonly exchange: (sight: Sight) => readonly Finding[];
  readonly passed: (host: string, at: number) => void;
}

/** JD301 to JD306: what a client that breaks off a handshake tells by the way it does. */
export function createHandshakeRules(settings: WatchSettings): HandshakeRules {
  const names = new Set(settings.hostnames);
  const resets = createLru<string, number[]>(KEPT);
  const passed = createLru<string, number>(KEPT);
  return { handshake, exchange, passed: (host, at) => passed.set(host, at) };

  function handshake(seen: WatchedHandshake): readonly Finding[] {
    const name = seen.servername?.toLowerCase() ?? null;
    if (name !== null && !names.has(name)) return [otherName(seen, name, settings)];
    if (seen.code === 'ERR_SSL_HTTP_REQUEST') return [plainHttp(seen, settings)];
    const alert = ALERTS.find(([pattern]) => pattern.test(seen.code));
    if (alert !== undefined) return [refusal(seen, name, alert)];
    return seen.code === 'ECONNRESET' && name !== null ? reset(seen.at, name) : NONE;
  }

  function reset(at: number, name: string): readonly Finding[] {
    const times = touch(resets, name, () => []);
    times.push(at);
    while (times.length > RESETS || (times[0] ?? at) < at - RESETS_WITHIN_MS) times.shift();
    const quietSince = passed.get(name) ?? Number.NEGATIVE_INFINITY;
    if (times.length < RESETS || quietSince > (times[0] ?? at) - RESETS_WITHIN_MS) return NONE;
    const evidence = `${RESETS} clients closed the connection to ${name} in the middle of the handshake, without an alert, and no request got through: as a Node process does that does not trust the local CA.`;
    return [handshakeFinding('JD302', at, name, 'Node', evidence)];
  }

  function exchange(sight: Sight): readonly Finding[] {
    passed.set(sight.host, sight.end);
    const { status, fromBackend, id } = sight.exchange;
    if (sight.fetchDest !== 'document' || status < 500 || !fromBackend) return NONE;
    const host = new URL(settings.apiOrigin).hostname;
    const during = resets.get(host)?.find((at) => at >= sight.exchange.at && at <= sight.end);
    if (during === undefined) return NONE;
    const evidence = `While ${sight.host} made a page that became a ${status}, a client closed the connection to ${host} in the middle of the handshake: as Node does on a server that renders pages and does not trust the local CA.`;
    return [{ ...handshakeFinding('JD302', during, host, 'Node', evidence), exchanges: [id] }];
  }
}

function handshakeFinding(
  code: FindingCode,
  at: number,
  host: string,
  subject: string,
  evidence: string,
): Finding {
  return { code, evidence, subject, host, exchanges: [], at };
}

function refusal(seen: WatchedHandshake, name: string | null, alert: (typeof ALERTS)[number]): Finding {
  const [pattern, code, subject, client] = alert;
  const called = pattern.source.replace(/^ALERT_|\$$/g, '').toLowerCase();
  const what = code === 'JD306' ? 'says that the certificate is expired' : 'refused the certificate';
  const evidence = `${client} ${what}${name === null ? '' : ` of ${name}`} (TLS alert ${called}).`;
  return handshakeFinding(code, seen.at, name ?? '', subject, evidence);
}

function otherName(seen: WatchedHandshake, name: string, { hostnames }: WatchSettings): Finding {
  const evidence = `A client asked for ${shown(name)}. The certificate is for ${hostnames.join(', ')} only.`;
  return handshakeFinding('JD304', seen.at, shown(name), shown(name), evidence);
}

function plainHttp(seen: WatchedHandshake, { frontendOrigin }: WatchSettings): Finding {
  const evidence = `A client spoke plain http to the TLS port: its URL begins with http:// and names the port of ${frontendOrigin}.`;
  return handshakeFinding('JD305', seen.at, new URL(frontendOrigin).hostname, 'plain http', evidence);
}
