/** The settings under which a contract was recorded, as this API's configuration. Strict: traps included. */
export function contractConfig(name) {
  const rotation = name === 'rotation';
  return {
    basePath: '/auth/',
    compat: 'strict',
    allowedOrigins: ['https://example.com'],
    store: ':memory:',
    loginBy: ['username', 'email'],
    emailVerification: 'optional',
    csrf: false,
    passwordRules: ['similarity', 'length', 'common', 'numeric'],
    askOldPassword: false,
    mailLinks: {
      confirmEmail: '{origin}/account-confirm-email/{key}/',
      resetPassword: '{origin}/password-reset/confirm/{uid}/{token}/',
    },
    loginLimit: null,
    userFields: [],
    cookies: {
      accessName: 'jwt-access-token',
      refreshName: 'jwt-refresh-token',
      domain: null,
      path: '/',
      refreshPath: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
    },
    tokens: {
      algorithm: 'HS256',
      secretEnv: 'CONTRACT_SIGNING_KEY',
      accessSeconds: 300,
      refreshSeconds: 86_400,
      rotate: rotation,
      denyList: rotation,
      reuse: 'strict',
      graceSeconds: 0,
    },
    users: [],
  };
}
