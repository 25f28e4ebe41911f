/**
 * How programs name themselves in User-Agent (RFC 9110, 10.1.5); the first that matches. Browsers on Chromium's engine
 * name Chrome as well, and all of them Safari, so the order counts.
 */
const PROGRAMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdgA?(?:iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bVivaldi\/(\d+)/, 'Vivaldi'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\bHeadlessChrome\/(\d+)/, 'Chrome (headless)'],
  [/\bElectron\/(\d+)/, 'Electron'],
  [/\b(?:Chrome|CriOS|Chromium)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* .*\bSafari\//, 'Safari'],
  [/^curl\/(\d+\.\d+)/, 'curl'],
  [/^Wget\/(\d+\.\d+)/, 'Wget'],
  [/^HTTPie\/(\d+\.\d+)/, 'HTTPie'],
  [/^PostmanRuntime\/(\d+)/, 'Postman'],
  [/^insomnia\/(\d+)/i, 'Insomnia'],
  [/^(?:Bruno|bruno-runtime)\/(\d+)/, 'Bruno'],
  [/^node(?:\.js)?(?:\/v?(\d+))?$/i, 'node'],
  [/^undici/, 'node'],
  [/^axios\/(\d+)/, 'axios'],
  [/^node-fetch/, 'node-fetch'],
  [/^Deno\/(\d+)/, 'Deno'],
  [/^Bun\/(\d+)/, 'Bun'],
  [/^Python-urllib\/(\d+\.\d+)/, 'Python'],
  [/^Python\/(\d+\.\d+) aiohttp/, 'Python'],
  [/^python-requests\/(\d+\.\d+)/, 'python-requests'],
  [/^python-httpx\/(\d+\.\d+)/, 'httpx'],
  [/^Java-http-client\/(\d+)/, 'Java'],
  [/^Java\/(\d+)/, 'Java'],
  [/^okhttp\/(\d+)/, 'okhttp'],
  [/^Go-http-client\//, 'Go'],
  [/^Dart\/(\d+\.\d+)/, 'Dart'],
  [/^PHP\/(\d+\.\d+)/, 'PHP'],
  [/^Ruby/, 'Ruby'],
  [/^jwt-dev(?:-([a-z]+))?/, 'jwt-dev'],
];

const LONGEST = 30;
const READ = 500;

/**
 * A User-Agent in a word or two: `Chrome 156`, `Safari 26`, `curl 8.14`.
 * @returns what stands before the first slash or space where the program is not known; empty for none.
 */
export function clientName(userAgent: string): string {
  // No program needs more to say who it is, and some of these patterns look ahead.
  const beginning = userAgent.slice(0, READ);
  for (const [pattern, name] of PROGRAMS) {
    const match = pattern.exec(beginning);
    if (match !== null) return match[1] === undefined ? name : `${name} ${match[1]}`;
  }
  // oxlint-disable-next-line no-control-regex -- a header may hold them, a line of a list may not
  return userAgent.split(/[/\s(;\u0000-\u001f\u007f-\u009f]/, 1)[0]?.slice(0, LONGEST) ?? '';
}
