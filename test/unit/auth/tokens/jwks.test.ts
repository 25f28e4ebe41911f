import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicKeySet, thumbprint } from '../../../../src/auth/tokens/jwks.ts';

// RFC 7638, section 3.1: the example key and its thumbprint.
const EXAMPLE = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
};

describe('the published key', () => {
  const key = createPublicKey({ key: EXAMPLE, format: 'jwk' });

  it('is named by its RFC 7638 thumbprint', () => {
    expect(thumbprint(key)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it('has its public members only', () => {
    expect(publicKeySet(key, 'id', 'RS256')).toEqual({
      keys: [{ ...EXAMPLE, kid: 'id', alg: 'RS256', use: 'sig' }],
    });
  });
});
