import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRouteTable, parseHostname } from '../../../src/proxy/routes.ts';
import type { Route } from '../../../src/proxy/types.ts';

describe('parseHostname', () => {
  test.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com:8443', 'example.com'],
    ['example.com.', 'example.com'],
    ['example.com.:443', 'example.com'],
    ['example.com:', 'example.com'],
    ['a_b-c.example', 'a_b-c.example'],
    ['127.0.0.1:80', '127.0.0.1'],
    ['[::1]:443', '[::1]'],
    ['[::1]', '[::1]'],
  ])('%s is the host %s', (authority, hostname) => {
    expect(parseHostname(authority)).toBe(hostname);
  });

  test.each([
    '',
    ' ',
    'a b',
    'user@example.com',
    'example.com/',
    'example.com:80:80',
    'example.com:port',
    'example.com:1234567',
    '::1',
    '[::1',
    'exämple.com',
    'a\0b',
    'a,b',
    '.',
    '..',
  ])('%j is refused', (authority) => {
    expect(parseHostname(authority)).toBeUndefined();
  });

  test('whatever the port and the letter case, the name is found', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), fc.nat(65_535), (labels, port) => {
        const name = labels.join('.');
        expect(parseHostname(`${name.toUpperCase()}:${port}`)).toBe(name);
        expect(parseHostname(`${name}.`)).toBe(name);
      }),
    );
  });

  test('answers at once for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        const found = parseHostname(text);
        expect(found === undefined || found === found.toLowerCase()).toBe(true);
      }),
    );
    expect(parseHostname(`${'a.'.repeat(50_000)}!`)).toBeUndefined();
  });
});

describe('createRouteTable', () => {
  const route = (hostname: string): Route => ({
    hostname,
    role: 'extra',
    upstream: { kind: 'port', port: 1, label: 'one' },
    paths: [],
  });
  const table = createRouteTable([route('example.com'), route('api.example.com')]);

  test('finds by the exact name alone', () => {
    expect(table.find('api.example.com')?.hostname).toBe('api.example.com');
    expect(table.find('www.example.com')).toBeUndefined();
    expect(table.find('com')).toBeUndefined();
    expect(table.find('constructor')).toBeUndefined();
  });

  test('gives the upstream of the longest path prefix, and the own one of the host for other paths', () => {
    const api: Route['upstream'] = { kind: 'port', port: 2, label: 'two' };
    const host = { ...route('example.com'), paths: [{ prefix: '/api', upstream: api }] };
    const withPaths = createRouteTable([host, route('api.example.com')]);
    expect(withPaths.upstreamFor(host, '/api/x')).toBe(api);
    expect(withPaths.upstreamFor(host, '/x')).toBe(host.upstream);
    expect(withPaths.upstreamFor(host, '/x/../api')).toBeUndefined();
    const plain = route('plain.test');
    expect(createRouteTable([plain]).upstreamFor(plain, '/x/../api')).toBe(plain.upstream);
  });

  test('our own part of a host is ours in its plain spelling, whatever else there is', () => {
    const own = { prefix: '/__jwt-dev/check', upstream: { kind: 'port', port: 3, label: 'three' } } as const;
    const theirs = { kind: 'port', port: 2, label: 'two' } as const;
    const paths = [
      { prefix: '/__jwt-dev/check', upstream: theirs },
      { prefix: '/a', upstream: theirs },
    ];
    for (const host of [
      { ...route('example.com'), own },
      { ...route('example.com'), own, paths },
    ]) {
      const withOwn = createRouteTable([host]);
      for (const path of ['/__jwt-dev/check', '/__jwt-dev/check?x', '/__jwt-dev/check/..%2fx'])
        expect(withOwn.upstreamFor(host, path)).toBe(own.upstream);
      for (const path of ['/', '/__jwt-dev/checks', '/__jwt-dev/id', '/x?/__jwt-dev/check'])
        expect(withOwn.upstreamFor(host, path)).toBe(host.upstream);
    }
    // A host is not divided by it: odd paths stay the backend's.
    const plain = { ...route('plain.test'), own };
    expect(createRouteTable([plain]).upstreamFor(plain, '/x/..%2f__jwt-dev/check')).toBe(plain.upstream);
  });

  test('names the known hosts in the order of the configuration', () => {
    expect(table.hostnames).toEqual(['example.com', 'api.example.com']);
  });
});
