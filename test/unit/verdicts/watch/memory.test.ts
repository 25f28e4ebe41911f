import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createTraffic, deletion, START, tokenCookie } from './traffic.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function memoryInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('traffic of ever new browsers, cookies, tokens and hosts leaves memory flat', () => {
  const traffic = createTraffic();
  const round = (from: number, to: number): void => {
    for (let n = from; n < to; n += 1) {
      const userAgent = `browser ${n % 5_000}`;
      const cookie = `jwt-access-token=a${n}; jwt-refresh-token=r${n}; sessionid=s${n}`;
      const setCookie = [
        tokenCookie('jwt-access-token', `a${n}`, 300, START),
        tokenCookie('jwt-refresh-token', `r${n + 1}`, 300, START),
        `name${n}=1; Path=/p${n}`,
        `sessionid=s${n}; Path=/`,
      ];
      traffic.page(`/p${n}`, { userAgent });
      traffic.call('POST', '/auth/login/', { userAgent, setCookie });
      traffic.call('POST', '/auth/token/refresh/', { userAgent, cookie, setCookie });
      traffic.call('POST', `/c${n}`, { userAgent, cookie });
      traffic.call('GET', '/auth/user/', { userAgent: 'node', status: 401 });
      traffic.preflight('POST', `/q${n}`, '', { userAgent, answer: [['Access-Control-Allow-Origin', '*']] });
      traffic.call('POST', '/auth/logout/', { userAgent, cookie, setCookie: [deletion(`name${n}`)] });
      traffic.raw('GET', `https://h${n}.example.com/`, { status: 500 });
      traffic.handshake('ECONNRESET', n % 2 === 0 ? 'example.com' : 'api.example.com');
      traffic.found.length = 0;
    }
  };
  round(0, 2_000);
  const before = memoryInUse();
  round(2_000, 8_000);
  // Kept, the tokens and names of the 6,000 rounds would be over 10 MB.
  expect(memoryInUse() - before).toBeLessThan(2 * 1024 * 1024);
});
