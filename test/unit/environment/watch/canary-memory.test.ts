import { expect, test } from 'vitest';
import { createCanaryMemory } from '../../../../src/environment/watch/canary-memory.ts';
import type { Exchange } from '../../../../src/proxy/types.ts';
import { exchangeOf } from '../../../helpers/watch-exchanges.ts';

const SET = ['Set-Cookie', '__jwtdev=1; Domain=example.com; Path=/; Secure; HttpOnly; SameSite=Lax'];

/** What the memory says to exchanges of one browser, or of several by name. */
function browser(memory = createCanaryMemory('example.com')) {
  const ask = (changes: Partial<Exchange>, mode: string, name: string) =>
    memory.read(
      exchangeOf({
        canary: 'not-sent',
        ...changes,
        requestHeaders: ['User-Agent', name, 'Sec-Fetch-Mode', mode],
      }),
    );
  return {
    document: (changes: Partial<Exchange> = {}, name = 'A') =>
      ask({ hostname: 'example.com', responseHeaders: SET, ...changes }, 'navigate', name),
    image: (changes: Partial<Exchange> = {}, name = 'A') =>
      ask({ hostname: 'example.com', ...changes }, 'no-cors', name),
    ownFetch: (name = 'A') => ask({ hostname: 'example.com' }, 'cors', name),
    call: (changes: Partial<Exchange> = {}, name = 'A') => ask(changes, 'cors', name),
  };
}

test('after a document set it, a call without it went without credentials', () => {
  const { document, call } = browser();
  expect(call()).toBe('unknown');
  expect(document()).toBe('unknown');
  expect(call()).toBe('not-sent');
  expect(call({ canary: 'sent' })).toBe('sent');
  expect(call({}, 'B')).toBe('unknown');
});

test('a document that brought it along says as much as one that set it', () => {
  const { document, call } = browser();
  expect(document({ canary: 'sent', responseHeaders: [] })).toBe('sent');
  expect(call()).toBe('not-sent');
});

test('a browser that lost it says nothing, until it has it again', () => {
  const { document, image, ownFetch, call } = browser();
  document();
  ownFetch();
  expect(call()).toBe('not-sent');
  image();
  expect(call()).toBe('unknown');
  document();
  expect(call()).toBe('not-sent');
  // A document out of the browser's cache was loaded before.
  document({ status: 304, responseHeaders: [] });
  expect(call()).toBe('unknown');
});

test('switched off, it says nothing', () => {
  const { document, call } = browser();
  document();
  expect(call({ canary: 'off' })).toBe('unknown');
});

test('as many browsers are known as there may be, the newest ones', () => {
  const { document, call } = browser();
  for (let index = 0; index < 150; index += 1) document({}, `browser ${index}`);
  expect(call({}, 'browser 49')).toBe('unknown');
  expect(call({}, 'browser 50')).toBe('not-sent');
  expect(call({}, 'browser 149')).toBe('not-sent');
});
