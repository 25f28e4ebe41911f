import { OWN } from '../own.ts';
import type { ErrorPattern } from '../types.ts';

/** Dev servers and Playwright. */
export const TOOLS: readonly ErrorPattern[] = [
  {
    client: 'dev server',
    pattern: /Blocked request\. This host \(?"?(?<host>[\w.:-]{1,255})"?\)? is not allowed/,
    says: 'JD601',
    source: 'Vite, server.allowedHosts; Angular CLI takes the same text',
  },
  {
    client: 'dev server',
    pattern: /\bserver\.allowedHosts\b|\bpreview\.allowedHosts\b/,
    says: 'JD601',
    vague: 1,
    source: 'Vite, server.allowedHosts',
  },
  {
    client: 'dev server',
    pattern:
      /(?:Blocked cross-origin request from|Cross origin request detected from) (?<host>[\w.:-]{1,255}) to (?<value>\/_next[^\s]{0,200})/,
    says: 'JD601',
    source: 'Next.js, allowedDevOrigins',
  },
  {
    client: 'dev server',
    pattern: /\ballowedDevOrigins\b/,
    says: 'JD601',
    vague: 1,
    source: 'Next.js, allowedDevOrigins',
  },
  {
    client: 'dev server',
    pattern: /\bInvalid Host\/Origin header\b|\bInvalid Host header\b/,
    says: 'JD601',
    source: 'webpack-dev-server, allowedHosts',
  },
  {
    client: 'dev server',
    pattern: /\bBlocked hosts?: (?<host>[\w.:-]{1,255})/,
    says: 'JD601',
    source: 'Ruby on Rails, ActionDispatch::HostAuthorization',
  },
  {
    client: 'dev server',
    pattern: /\[vite\] failed to connect to websocket/,
    says: OWN.websocketFailed,
    source: 'Vite, client',
  },
  {
    client: 'Playwright',
    pattern:
      /browserType\.(?:launch|launchPersistentContext): Executable doesn't exist at (?<value>[^\s]{1,500})/,
    says: OWN.browserMissing,
    source: 'Playwright, registry',
  },
  {
    client: 'Playwright',
    pattern:
      /Host system is missing dependencies to run browsers|Looks like Playwright(?: Test or Playwright)? was just (?:installed|updated)/,
    says: OWN.browserMissing,
    source: 'Playwright, registry',
  },
  {
    client: 'Playwright',
    pattern: /Unknown permission: (?<value>[\w-]{1,60})/,
    says: OWN.permissionUnknown,
    source: 'Playwright, BrowserContext.grantPermissions',
  },
  {
    client: 'Playwright',
    pattern:
      /Peer failed to perform TLS handshake|SSL peer certificate or SSH remote key was not OK|Unacceptable TLS certificate/,
    says: 'JD301',
    note: 'These are the words of Playwright’s WebKit.',
    source: 'WebKit for Linux and Windows, libsoup and curl',
  },
  {
    client: 'Playwright',
    pattern:
      /page\.(?:goto|waitFor\w{1,30}): Timeout (?<value>\d{1,9})ms exceeded|Test timeout of \d{1,9}ms exceeded|Timed out waiting \d{1,9}ms from config\.webServer/,
    says: OWN.playwrightTimeout,
    vague: 1,
    source: 'Playwright, TimeoutError',
  },
];
