import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeFinding, formatFinding, formatHead } from '../../../../src/verdicts/findings/format.ts';
import { withoutSecrets } from '../../../../src/verdicts/findings/redact.ts';
import { FINDINGS } from '../../../../src/verdicts/findings/table.ts';
import type { Finding } from '../../../../src/verdicts/findings/types.ts';

const finding: Finding = {
  code: 'JD102',
  evidence: 'POST /auth/login/ answered 200 with 2 Set-Cookie.',
  subject: 'jwt-access-token',
  host: 'api.example.com',
  exchanges: ['7'],
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
};

test('the head has code, title, host and, from the second time on, how often', () => {
  expect(formatFinding(finding)[0]).toBe('JD102 request without credentials  api.example.com');
  expect(formatFinding(finding, 3)[0]).toBe('JD102 request without credentials  api.example.com  (3 times)');
  expect(formatHead({ code: 'JD301', title: 'refused', host: '', count: 1 })).toBe('JD301 refused');
});

test('below it stand evidence, cause and every fix', () => {
  const [, evidence, why, ...fixes] = formatFinding(finding);
  expect(evidence).toBe(`  ${finding.evidence}`);
  expect(why).toBe(`  Why: ${FINDINGS.JD102.cause}`);
  expect(fixes).toEqual(FINDINGS.JD102.fixes.map(({ place, text }) => `  Fix (${place}): ${text}`));
});

test('fixes of the case come first, and none twice', () => {
  const own = { place: 'fetch', text: "fetch('/auth/login/', { credentials: 'include' })" } as const;
  const { fixes } = describeFinding({ ...finding, fixes: [own, ...FINDINGS.JD102.fixes.slice(0, 1)] });
  expect(fixes[0]).toEqual(own);
  expect(fixes).toHaveLength(FINDINGS.JD102.fixes.length + 1);
});

test('with the values of the case a fix takes the place of the general one for the same setting', () => {
  const own = { place: 'Django', text: "CORS_ALLOWED_ORIGINS = ['https://shop.test']" } as const;
  const { fixes } = describeFinding({ ...finding, code: 'JD206', fixes: [own] });
  const forDjango = fixes.filter(({ place }) => place === 'Django').map(({ text }) => text.split(' ')[0]);
  expect(forDjango).toEqual(['CORS_ALLOWED_ORIGINS', 'MIDDLEWARE']);
});

test('where the stack is known, fixes for others are left out', () => {
  const own = {
    place: 'Vite',
    text: "Add server: { allowedHosts: ['example.com'] } to vite.config.",
  } as const;
  const { fixes } = describeFinding({ ...finding, code: 'JD601', fixes: [own], stack: 'Vite' });
  expect(fixes.map(({ place }) => place)).toEqual(['Vite', 'jwt-dev.config.json']);
});

test('a fix of several lines stays in its place', () => {
  const lines = formatFinding({ ...finding, fixes: [{ place: 'Django', text: 'A = 1\nB = 2' }] });
  expect(lines).toContain('  Fix (Django): A = 1');
  expect(lines).toContain('    B = 2');
});

test('as data it has times in ISO 8601 and the reason of Chromium or null', () => {
  const seen = { count: 2, firstAt: finding.at, lastAt: finding.at + 1000 };
  expect(describeFinding(finding, seen)).toEqual({
    code: 'JD102',
    name: 'credentials-missing',
    severity: 'error',
    title: 'request without credentials',
    host: 'api.example.com',
    subject: 'jwt-access-token',
    evidence: finding.evidence,
    cause: FINDINGS.JD102.cause,
    reason: null,
    fixes: FINDINGS.JD102.fixes,
    source: FINDINGS.JD102.source,
    exchanges: ['7'],
    count: 2,
    firstAt: '2026-01-02T03:04:05.000Z',
    lastAt: '2026-01-02T03:04:06.000Z',
  });
  expect(describeFinding({ ...finding, reason: 'InvalidDomain' }).reason).toBe('InvalidDomain');
});

test('tokens and cookie values are hidden, whatever a rule says', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  const lines = formatFinding({
    ...finding,
    evidence: `Cookie: jwt-refresh-token=${token}; sessionid=0123456789abcdef; theme=dark, Bearer ${'x'.repeat(20)}`,
  }).join('\n');
  for (const secret of ['eyJ', '0123456789abcdef', 'xxxx']) expect(lines).not.toContain(secret);
  expect(lines).toContain('theme=dark');
});

test('what names a cookie or a setting is left as it is', () => {
  for (const text of [
    'The cookie jwt-refresh-token was set with Path=/auth/token/refresh and deleted with Path=/.',
    "REST_AUTH = {'JWT_AUTH_REFRESH_COOKIE': 'jwt-refresh-token'}",
    'two refreshes with one token, jwt-access-token expired 2 h ago',
  ]) {
    expect(withoutSecrets(text)).toBe(text);
  }
});

test('whatever surrounds a token, it is hidden', () => {
  const part = fc.stringMatching(/^[\w-]{12,40}$/);
  fc.assert(
    fc.property(
      part,
      part,
      part,
      fc.constantFrom(' ', '"', '=', ';', '\n', '/'),
      (head, body, end, beside) => {
        const token = `eyJ${head}.${body}.${end}`;
        expect(withoutSecrets(`a${beside}${token}${beside}b`)).not.toContain(body);
      },
    ),
  );
});
