import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientVariables, withVariables } from '../../../src/environment/client-variables.ts';

const files = { extraCaFile: '/ca.pem', bundleFile: '/bundle.pem', preloadFile: '/state/node-reroute.cjs' };
const hosts = {
  mode: 'hosts',
  frontend: 'https://example.com:8443',
  api: 'https://api.example.com:8443',
  control: 'http://127.0.0.1:5000',
  proxy: null,
  address: '127.0.0.1',
  httpsPort: 8443,
  httpPort: null,
  caFile: '/ca.pem',
  bundleFile: '/bundle.pem',
  hostnames: ['example.com', 'api.example.com'],
} as const;
const rootless = {
  ...hosts,
  mode: 'rootless',
  frontend: 'https://example.com',
  api: 'https://api.example.com',
  proxy: 'http://127.0.0.1:5198',
  httpPort: 8080,
} as const;

/** As Node takes it apart (src/node_options.cc): at spaces, outside of double quotes. */
function nodeArguments(options: string): readonly string[] {
  const words = options.matchAll(/(?:"(?:\\[^]|[^"\\])*"|[^ "])+/g);
  return [...words].map(([word]) =>
    word.replaceAll(/"((?:\\[^]|[^"\\])*)"/g, (_quoted, inner: string) => inner.replaceAll(/\\([^])/g, '$1')),
  );
}

describe('client variables', () => {
  it('tell where the environment is, and what to trust', () => {
    expect(clientVariables(hosts, {}, files)).toEqual({
      JWT_DEV_FRONTEND_URL: 'https://example.com:8443',
      JWT_DEV_API_URL: 'https://api.example.com:8443',
      JWT_DEV_CONTROL_URL: 'http://127.0.0.1:5000',
      JWT_DEV_REROUTE:
        '{"hostnames":["example.com","api.example.com"],"address":"127.0.0.1","ports":{"8443":8443}}',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      SSL_CERT_FILE: '/bundle.pem',
      REQUESTS_CA_BUNDLE: '/bundle.pem',
      CURL_CA_BUNDLE: '/bundle.pem',
      NODE_OPTIONS: '--require /state/node-reroute.cjs',
    });
  });

  it('lead through the forward proxy in rootless mode, and Node from 443 and 80 to the real ports', () => {
    const variables = clientVariables(rootless, {}, files);
    expect(variables).toMatchObject({
      JWT_DEV_PROXY: rootless.proxy,
      HTTPS_PROXY: rootless.proxy,
      https_proxy: rootless.proxy,
      HTTP_PROXY: rootless.proxy,
      http_proxy: rootless.proxy,
      NO_PROXY: 'localhost,127.0.0.1,::1',
      no_proxy: 'localhost,127.0.0.1,::1',
    });
    expect(JSON.parse(variables['JWT_DEV_REROUTE'] ?? '')).toMatchObject({ ports: { 443: 8443, 80: 8080 } });
  });

  it('keep the exceptions of the user, but none that covers our names', () => {
    const env = {
      NO_PROXY: 'corp.test, localhost',
      no_proxy: '.example.com,com,*,10.0.0.0/8 api.example.com:443',
    };
    expect(clientVariables(rootless, env, files)['NO_PROXY']).toBe(
      'corp.test,localhost,10.0.0.0/8,127.0.0.1,::1',
    );
  });

  it('keep a proxy of the user away from our names in hosts mode', () => {
    const env = { https_proxy: 'http://corp:3128', NO_PROXY: '.corp.test' };
    const variables = clientVariables(hosts, env, files);
    expect(variables['NO_PROXY']).toBe('.corp.test,localhost,127.0.0.1,::1,example.com,api.example.com');
    expect(variables).not.toHaveProperty('https_proxy');
    // And back again, should the next environment be rootless.
    const next = clientVariables(rootless, withVariables(env, variables), files);
    expect(next['NO_PROXY']).toBe('.corp.test,localhost,127.0.0.1,::1');
  });

  it('take back the proxy of an earlier rootless environment, and no other one', () => {
    const env = {
      JWT_DEV_PROXY: 'http://127.0.0.1:1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      HTTP_PROXY: 'http://corp:3128',
    };
    const variables = clientVariables(hosts, env, files);
    expect(variables).toMatchObject({ JWT_DEV_PROXY: null, HTTPS_PROXY: null });
    expect(variables).not.toHaveProperty('HTTP_PROXY');
    expect(withVariables({ ...env, PATH: '/bin', EMPTY: undefined }, variables)).toMatchObject({
      PATH: '/bin',
      HTTP_PROXY: 'http://corp:3128',
    });
    expect(withVariables(env, variables)).not.toHaveProperty('HTTPS_PROXY');
  });

  it('put the preload behind the options of the user, whatever the path is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', minLength: 1 }), (name) => {
        // A path never holds NUL, and Node has no way to quote a tab or a newline: it does not split at them.
        const preloadFile = `/state/${name.replaceAll(/[\0]/g, '')}.cjs`;
        const options = clientVariables(
          hosts,
          { NODE_OPTIONS: '--max-old-space-size=100' },
          { ...files, preloadFile },
        );
        expect(nodeArguments(options['NODE_OPTIONS'] ?? '')).toEqual([
          '--max-old-space-size=100',
          '--require',
          preloadFile,
        ]);
      }),
    );
  });

  it('stay as they are when they are asked for again with themselves set', () => {
    for (const facts of [hosts, rootless]) {
      const first = clientVariables(facts, { NODE_OPTIONS: '--no-warnings', NO_PROXY: 'corp.test' }, files);
      expect(clientVariables(facts, withVariables({}, first), files)).toEqual(first);
    }
  });
});
