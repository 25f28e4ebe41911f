/** Every default once, with its reason. */

/** The pattern's own name for the apex, which RFC 2606 reserves; the API is its `api` subdomain. */
export const DEFAULT_FRONTEND_HOST = 'example.com';

export const DEFAULT_HTTPS_PORT = 443;
export const DEFAULT_HTTP_PORT = 80;

/** Where `up` goes when 443 and 80 need a privilege that it does not have. */
export const FALLBACK_HTTPS_PORT = 8443;
export const FALLBACK_HTTP_PORT = 8080;

/** Loopback only: a development server with known passwords is nothing for the local network. */
export const DEFAULT_ADDRESSES = ['127.0.0.1', '::1'] as const;

/** simplejwt's defaults: 5 minutes and 1 day. */
export const DEFAULT_ACCESS_SECONDS = 300;
export const DEFAULT_REFRESH_SECONDS = 86_400;

/** Two tabs that refresh at once both stay logged in. */
export const DEFAULT_GRACE_SECONDS = 10;

/** The cookie names of the pattern (dj-rest-auth's documentation leaves them open). */
export const DEFAULT_ACCESS_COOKIE = 'jwt-access-token';
export const DEFAULT_REFRESH_COOKIE = 'jwt-refresh-token';

/** Where dj-rest-auth is mounted in its own documentation is open; `/auth/` is the pattern's choice. */
export const DEFAULT_BASE_PATH = '/auth/';

/** All four validators of a new Django project. */
export const DEFAULT_PASSWORD_RULES = ['similarity', 'length', 'common', 'numeric'] as const;

/** The paths that the mails of allauth and dj-rest-auth use, on the frontend: it is the one that shows the page. */
export const DEFAULT_CONFIRM_LINK = '{origin}/account-confirm-email/{key}/';
export const DEFAULT_RESET_LINK = '{origin}/password-reset/confirm/{uid}/{token}/';

/** Far above what a person or a test suite mistypes, far below what guessing needs. */
export const DEFAULT_LOGIN_LIMIT = { perAccount: 10, perAddress: 100, windowSeconds: 60 } as const;

/** A morning's work with a page that loads a hundred modules, in some tens of megabytes. */
export const DEFAULT_INSPECTOR_CAPACITY = 10_000;

/** The file's name, looked for from the working directory upward. */
export const CONFIG_FILE_NAME = 'jwt-dev.config.json';

/**
 * Users that exist from the first start, so that a login works before anything is configured. Without pinned ids:
 * in a store that has users already, by `jwt-dev users add` or `import`, they take the next free ones.
 */
export const DEFAULT_USERS = [
  {
    username: 'alice',
    email: 'alice@example.com',
    password: 'alice',
    firstName: 'Alice',
    lastName: 'Archer',
  },
  { username: 'bob', email: 'bob@example.com', password: 'bob', firstName: 'Bob', lastName: 'Baker' },
] as const;
