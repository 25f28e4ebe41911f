import { expect, test } from 'vitest';
import { clientName } from '../../../../src/verdicts/view/client-name.ts';
import { CHROME } from './exchanges.ts';

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

test.each([
  [CHROME, 'Chrome 156'],
  [CHROME.replace('Chrome/', 'HeadlessChrome/'), 'Chrome (headless) 156'],
  [`${CHROME} Edg/156.0.0.0`, 'Edge 156'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox 153'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/26.1 Safari/605.1.15`, 'Safari 26'],
  [`Mozilla/5.0 (iPhone) ${WEBKIT} CriOS/156.0.1 Mobile/15E148 Safari/604.1`, 'Chrome 156'],
  ['curl/8.14.1', 'curl 8.14'],
  ['node', 'node'],
  ['undici', 'node'],
  ['Python-urllib/3.13', 'Python 3.13'],
  ['python-requests/2.32.5', 'python-requests 2.32'],
  ['Java-http-client/17.0.16', 'Java 17'],
  ['jwt-dev', 'jwt-dev'],
  ['jwt-dev-doctor', 'jwt-dev doctor'],
  ['my-app/1.0 (linux)', 'my-app'],
  ['evil\u001b[2J thing', 'evil'],
  ['', ''],
])('%s is %s', (agent, name) => {
  expect(clientName(agent)).toBe(name);
});
