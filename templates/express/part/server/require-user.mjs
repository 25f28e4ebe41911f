import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

/**
 * A middleware for routes of your own: the access cookie must hold a good access token; then `request.userId` says
 * whose it is. Everybody else gets 401, which the frontend's client answers with one refresh and one retry.
 */
export function createRequireUser(jwksUrl) {
  const keys = createRemoteJWKSet(jwksUrl);
  return async (request, response, next) => {
    const token = request.cookies['jwt-access-token'];
    if (token === undefined) {
      response.status(401).json({ detail: 'Authentication credentials were not provided.' });
      return;
    }
    try {
      const { payload } = await jwtVerify(token, keys, { algorithms: ['ES256'] });
      // A refresh token is signed with the same key and must not pass for an access token.
      if (payload.token_type !== 'access') throw new errors.JWTInvalid('not an access token');
      request.userId = Number(payload.user_id);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      response
        .status(401)
        .json({ detail: 'Given token not valid for any token type', code: 'token_not_valid' });
      return;
    }
    next();
  };
}
