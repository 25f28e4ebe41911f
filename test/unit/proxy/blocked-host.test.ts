import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mayBlockHost, recognizeBlockedHost } from '../../../src/proxy/blocked-host.ts';

/** As the servers send them; where they were read is said in blocked-host.ts. */
const VITE =
  'Blocked request. This host ("example.com") is not allowed.\nTo allow this host, add "example.com" to `server.allowedHosts` in vite.config.js.';
const ANGULAR =
  '<!doctype html>\n<html>\n  <head>\n    <title>Blocked request</title>\n  </head>\n  <body>\n    <main>\n      <h1>Blocked request. This host ("example.com") is not allowed.</h1>\n      <p>To allow this host, add it to <code>allowedHosts</code> under the <code>serve</code> target in <code>angular.json</code>.</p>';
const DJANGO_PAGE =
  '<!DOCTYPE html>\n<html lang="en">\n<head>\n  <meta http-equiv="content-type" content="text/html; charset=utf-8">\n  <meta name="robots" content="NONE,NOARCHIVE">\n  <title>DisallowedHost\n          at /auth/user/</title>\n  <style>';
const DJANGO_TEXT =
  "DisallowedHost at /auth/user/\nInvalid HTTP_HOST header: 'api.example.com'. You may need to add 'api.example.com' to ALLOWED_HOSTS.\n";
const RAILS = '<header>\n  <h1>Blocked hosts: example.com</h1>\n</header>\n<main role="main" id="container">';

describe('recognizeBlockedHost', () => {
  test.each([
    ['Vite', 403, '/', VITE, "allowedHosts: ['example.com']"],
    ['Angular', 403, '/', ANGULAR, '"allowedHosts": ["example.com"]'],
    ['Next.js', 403, '/_next/static/x.js', 'Unauthorized', "allowedDevOrigins: ['example.com']"],
    ['Next.js', 403, '/__nextjs_original-stack-frame', 'Unauthorized', "allowedDevOrigins: ['example.com']"],
    ['webpack-dev-server', 403, '/', 'Invalid Host header', "allowedHosts: ['example.com']"],
    ['webpack-dev-server', 200, '/', 'Invalid Host header', "allowedHosts: ['example.com']"],
    ['Django', 400, '/auth/user/', DJANGO_PAGE, "'example.com' to ALLOWED_HOSTS"],
    ['Django', 400, '/auth/user/', DJANGO_TEXT, "'example.com' to ALLOWED_HOSTS"],
    ['Rails', 403, '/', RAILS, 'config.hosts << "example.com"'],
  ])('%s with status %i', (framework, status, path, body, fix) => {
    const found = recognizeBlockedHost({ status, path, body }, 'example.com');
    expect(found?.framework).toBe(framework);
    expect(found?.fix).toContain(fix);
  });

  test.each([
    ['an answer of an application', 403, '/', 'You may not see this.'],
    ['Unauthorized elsewhere', 403, '/api/me', 'Unauthorized'],
    ['Unauthorized with more text', 403, '/_next/x', 'Unauthorized: log in first'],
    ['a page about Vite', 400, '/', VITE],
    ['a page about Django', 403, '/', DJANGO_PAGE],
    ['another page of Django', 400, '/', '<title>SuspiciousOperation at /</title>'],
    ['a page that mentions it', 400, '/', '<p>DisallowedHost at / means …</p>'],
    ['nothing', 403, '/', ''],
  ])('%s is none', (_name, status, path, body) => {
    expect(recognizeBlockedHost({ status, path, body }, 'example.com')).toBeUndefined();
  });
});

/** What stock projects answered to a host that they were not told of; long bodies are cut off. */
interface RecordedAnswer {
  readonly server: string;
  readonly framework: string;
  readonly path: string;
  /** false: written to the socket in place of an answer. */
  readonly isHttp: boolean;
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}
const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/blocked-hosts.json', import.meta.url), 'utf8'),
) as readonly RecordedAnswer[];

describe('answers as they were recorded', () => {
  test.each(recorded.map((answer) => [answer.server, answer.path, answer] as const))(
    '%s, %s',
    (_server, _path, answer) => {
      if (answer.isHttp) expect(mayBlockHost(answer.status, answer.headers)).toBe(true);
      expect(recognizeBlockedHost(answer, 'shop.test')?.framework).toBe(answer.framework);
    },
  );

  test.each([
    ['Vite', /vite\.config.*astro\.config.*nuxt\.config.*__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS=shop\.test/],
    [
      'Angular',
      /"allowedHosts": \["shop\.test"\].*angular\.json.*__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS=shop\.test/,
    ],
    ['Next.js', /allowedDevOrigins: \['shop\.test'\].*next\.config/],
    [
      'webpack-dev-server',
      /allowedHosts: \['shop\.test'\], client: \{ webSocketURL: 'auto:\/\/0\.0\.0\.0:0\/ws' \}.*webpack\.config\.js.*vue\.config\.js/,
    ],
    ['Django', /'shop\.test' to ALLOWED_HOSTS/],
  ])('%s: the file and the line are named', (framework, fix) => {
    const answers = recorded.filter((answer) => answer.framework === framework);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(recognizeBlockedHost(answer, 'shop.test')?.fix).toMatch(fix);
  });
});

describe('mayBlockHost', () => {
  test.each([
    [403, ['Content-Type', 'text/plain']],
    [400, ['content-type', 'Text/HTML; charset=utf-8', 'content-length', '100000']],
    [403, []],
    [200, ['content-type', 'text/html', 'Content-Length', '19']],
  ])('an answer with status %i may', (status, headers) => {
    expect(mayBlockHost(status, headers)).toBe(true);
  });

  test.each([
    [403, ['content-type', 'application/json']],
    [403, ['content-type', 'text/html', 'content-encoding', 'gzip']],
    [200, ['content-type', 'text/html', 'content-length', '20']],
    [200, ['content-type', 'text/html']],
    [404, ['content-type', 'text/html']],
    [502, ['content-type', 'text/html']],
  ])('an answer with status %i %j does not', (status, headers) => {
    expect(mayBlockHost(status, headers)).toBe(false);
  });
});
