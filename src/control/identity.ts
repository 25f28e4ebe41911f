import { createHmac, timingSafeEqual } from 'node:crypto';

/** Answered by the proxy itself on every host: proves which environment a name leads to. */
export const IDENTITY_PATH = '/__jwt-dev/id';

/** What `doctor --api` says it is, so that its tries are no findings. Anybody may say so: nothing is granted for it. */
export const PROBE_AGENT = 'jwt-dev-doctor';

/** Keeps the proof apart from whatever else the secret may sign one day. */
const PURPOSE = 'jwt-dev instance identity\n';

/**
 * What only the environment with that secret can say about a nonce: an HMAC-SHA-256 (RFC 2104), base64url. It reveals
 * nothing of the secret, and a nonce is asked for once, so that an answer that was overheard proves nothing.
 */
export function proveInstance(nonce: string, secret: string): string {
  return createHmac('sha256', secret).update(PURPOSE).update(nonce).digest('base64url');
}

/** Whether a proof was made for this nonce with this secret. */
export function isProofOf(proof: unknown, nonce: string, secret: string): boolean {
  if (typeof proof !== 'string') return false;
  const [given, wanted] = [Buffer.from(proof), Buffer.from(proveInstance(nonce, secret))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export interface IdentityAnswer {
  readonly status: 200 | 400;
  /** JSON. */
  readonly body: string;
}

/**
 * The proxy's answer for a request target of its own, or undefined for any other target. Pure.
 * @param target path and query as the client sent them.
 */
export function answerIdentity(target: string, secret: string): IdentityAnswer | undefined {
  if (target !== IDENTITY_PATH && !target.startsWith(`${IDENTITY_PATH}?`)) return undefined;
  const nonce = new URLSearchParams(target.slice(IDENTITY_PATH.length)).get('nonce') ?? '';
  if (!/^[\w-]{16,64}$/.test(nonce)) {
    const message = 'The query must be nonce=…: 16 to 64 letters, digits, - or _.';
    return { status: 400, body: `${JSON.stringify({ error: { code: 'ERR_BAD_REQUEST', message } })}\n` };
  }
  return { status: 200, body: `${JSON.stringify({ proof: proveInstance(nonce, secret) })}\n` };
}
