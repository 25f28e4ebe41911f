import type { FindingCode } from './codes.ts';
import type { FindingKind } from './types.ts';

type PageCode = Extract<FindingCode, `JD1${string}`>;

/** The page and its requests. */
export const PAGE_FINDINGS: Readonly<Record<PageCode, FindingKind>> = {
  JD101: {
    name: 'cross-site-page',
    severity: 'error',
    title: 'cross-site request',
    cause:
      'The page and the API are different sites. A site is the scheme and the registrable domain: http and https differ, localhost and 127.0.0.1 differ, the port does not matter. Chromium neither stores nor sends SameSite=Lax and SameSite=Strict cookies there; CORS and the fetch options cannot change that. Firefox does not enforce it yet, so it may appear to work there.',
    fixes: [
      { place: 'browser', text: 'Open https://example.com instead: it leads to your dev server.' },
      { place: 'terminal', text: 'jwt-dev up --frontend 5173' },
    ],
    source: 'RFC 6265bis, 5.2 "Same-site" requests; Chromium: SchemefulSameSiteLax and its siblings',
  },
  JD102: {
    name: 'credentials-missing',
    severity: 'error',
    title: 'request without credentials',
    cause:
      'The API is another origin than the page, and fetch sends and stores cookies across origins only if it is told to. Set-Cookie in such an answer is thrown away without a word in DevTools. The option must stand on the login and on every later call.',
    fixes: [
      { place: 'fetch', text: "fetch(url, { credentials: 'include' })" },
      { place: 'axios', text: 'axios.defaults.withCredentials = true' },
      { place: 'ky', text: "ky.create({ credentials: 'include' })" },
      { place: 'Nuxt', text: "$fetch(url, { credentials: 'include' })" },
      { place: 'Angular', text: 'http.post(url, body, { withCredentials: true })' },
    ],
    source: 'Fetch, Requests: a request’s credentials mode is "same-origin" unless it is set',
  },
};
