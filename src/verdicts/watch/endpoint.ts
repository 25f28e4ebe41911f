/** What a path of an auth API is for, by the names that Django's and Node's libraries give it. */
export type Endpoint = 'login' | 'registration' | 'logout' | 'refresh' | 'password-reset';

const ENDPOINTS: readonly (readonly [Endpoint, RegExp])[] = [
  ['refresh', /\/(?:refresh|refresh[-_]?token|refresh\/cookie)\/?$/i],
  [
    'login',
    /\/(?:log-?in|sign-?in|sign-in\/email|token|token\/(?:obtain|pair)|jwt\/create|authenticate)\/?$/i,
  ],
  ['logout', /\/(?:log-?out|sign-?out|log-?out-?all)\/?$/i],
  ['registration', /\/(?:registration|register|sign-?up|sign-up\/email)\/?$/i],
  ['password-reset', /\/password\/reset\/?$/i],
];

/** null for every other path, and for requests that only read. */
export function endpointOf(method: string, path: string): Endpoint | null {
  if (method !== 'POST' && method !== 'PUT' && method !== 'DELETE') return null;
  return ENDPOINTS.find(([, pattern]) => pattern.test(path))?.[0] ?? null;
}
