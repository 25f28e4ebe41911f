import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerIdentity, IDENTITY_PATH, isProofOf, proveInstance } from '../../../src/control/identity.ts';

const nonces = fc.stringMatching(/^[\w-]{16,64}$/);
const secrets = fc.string({ minLength: 1 });

test('a proof is accepted for its own nonce and secret only', () => {
  fc.assert(
    fc.property(nonces, nonces, secrets, secrets, (nonce, otherNonce, secret, otherSecret) => {
      const proof = proveInstance(nonce, secret);
      expect(isProofOf(proof, nonce, secret)).toBe(true);
      if (otherNonce !== nonce) expect(isProofOf(proof, otherNonce, secret)).toBe(false);
      if (otherSecret !== secret) expect(isProofOf(proof, nonce, otherSecret)).toBe(false);
    }),
  );
});

test('what is no proof at all is refused', () => {
  for (const wrong of [undefined, null, 1, '', 'x', {}, proveInstance('n', 's').slice(1)]) {
    expect(isProofOf(wrong, 'n', 's')).toBe(false);
  }
});

test('the answer holds a proof and neither the secret nor the nonce', () => {
  fc.assert(
    fc.property(nonces, fc.stringMatching(/^[\w-]{20,43}$/), (nonce, secret) => {
      const answer = answerIdentity(`${IDENTITY_PATH}?nonce=${nonce}`, secret);
      expect(answer?.status).toBe(200);
      const { proof } = JSON.parse(answer?.body ?? '') as { proof: string };
      expect(isProofOf(proof, nonce, secret)).toBe(true);
      expect(answer?.body).not.toContain(secret);
    }),
  );
});

test.each([
  IDENTITY_PATH,
  `${IDENTITY_PATH}?nonce=short`,
  `${IDENTITY_PATH}?nonce=${'x'.repeat(65)}`,
  `${IDENTITY_PATH}?nonce=with%20spaces%20inside`,
])('%s is a bad request', (target) => {
  expect(answerIdentity(target, 'secret')?.status).toBe(400);
});

test.each(['/', '/__jwt-dev/identity', '/__jwt-dev/id/', '/auth/?x=/__jwt-dev/id'])(
  '%s is not ours',
  (target) => {
    expect(answerIdentity(target, 'secret')).toBeUndefined();
  },
);
