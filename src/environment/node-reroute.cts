/**
 * Preloaded into Node clients (`NODE_OPTIONS=--require …`): connections to our names reach the environment, whatever
 * the hosts file says and whichever port it is on. TLS server name, Host header and errors stay those of the name that
 * was asked for. Everything else is left alone, and without a sound JWT_DEV_REROUTE so is everything.
 *
 * `net.Socket.prototype.connect` is where all clients meet: net, tls, http, https, http2, fetch, undici, ws. Some resolve
 * names themselves and connect to the address; for them `dns.lookup` knows our names too.
 *
 * CommonJS, because `--require` runs before any ES module and in worker threads as well. It stands alone: it is copied
 * out of the package, so that a reinstallation in the middle of a job does not break every Node process of it.
 */
// oxlint-disable typescript/consistent-type-imports -- CommonJS: an import statement would make it an ES module.
const dns = require('node:dns') as typeof import('node:dns');
const http = require('node:http') as typeof import('node:http');
const https = require('node:https') as typeof import('node:https');
const net = require('node:net') as typeof import('node:net');
const { syncBuiltinESMExports } = require('node:module') as typeof import('node:module');

interface Reroute {
  /** Lower case, without a final dot. */
  readonly hostnames: ReadonlySet<string>;
  /** IP literal on which the environment listens. */
  readonly address: string;
  /** From the port of the URL to the one that is listened on. */
  readonly ports: ReadonlyMap<number, number>;
}

type Callback = (...values: readonly unknown[]) => void;
// oxlint-disable-next-line typescript/no-explicit-any -- functions with several call shapes, passed on as they come.
type AnyFunction = (this: unknown, ...args: any[]) => any;

/**
 * What `dns.lookup` answers for our names where the port changes on the way: an address by which `connect` knows them
 * again. Of loopback, so that whatever connects otherwise is refused here and reaches nobody else.
 */
const STAND_IN = '127.74.87.84';

const IS_INSTALLED = Symbol.for('jwt-dev.reroute');

// oxlint-disable-next-line no-restricted-globals -- it runs in other processes, and this variable is its only input.
const wanted = parseReroute(process.env['JWT_DEV_REROUTE']);
if (wanted !== undefined && !Object.hasOwn(net.Socket.prototype, IS_INSTALLED)) {
  Object.defineProperty(net.Socket.prototype, IS_INSTALLED, { value: true });
  rerouteConnections(wanted);
  answerLookups(wanted);
  rerouteProxied(wanted);
  // For `import { lookup } from 'node:dns'`.
  syncBuiltinESMExports();
}

function parseReroute(text: string | undefined): Reroute | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { hostnames, address, ports } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(hostnames) || typeof address !== 'string' || net.isIP(address) === 0) return undefined;
  if (typeof ports !== 'object' || ports === null) return undefined;
  const pairs = Object.entries(ports).map(([from, to]) => [Number(from), Number(to)] as const);
  const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;
  return {
    hostnames: new Set(hostnames.map((name) => plainName(name)).filter((name) => name !== '')),
    address,
    ports: new Map(pairs.filter((pair) => pair.every(isPort))),
  };
}

function rerouteConnections(reroute: Reroute): void {
  const prototype = net.Socket.prototype as { connect: AnyFunction };
  const original = prototype.connect;
  const connect: AnyFunction = function (...args) {
    return Reflect.apply(original, this, reroutedArguments(args, reroute) ?? args) as unknown;
  };
  prototype.connect = like(original, connect);
}

/** `connect(options, done)`, `connect(port, host, done)`, or the array that Node itself makes of either. */
function reroutedArguments(args: readonly unknown[], reroute: Reroute): readonly unknown[] | undefined {
  const [target, ...rest] = (Array.isArray(args[0]) ? args[0] : args) as readonly unknown[];
  const options = typeof target === 'object' && target !== null ? target : { port: target, host: rest[0] };
  const { host, port, path } = options as Readonly<Record<string, unknown>>;
  const isName = reroute.hostnames.has(plainName(host));
  if ((!isName && host !== STAND_IN) || (path !== undefined && path !== null)) return undefined;
  // The name stays the host: TLS and errors name it. The options may be frozen, so they are inherited from.
  const rerouted = Object.create(options, {
    // Another port is taken as the hosts file would have it: on this machine.
    port: { value: reroute.ports.get(Number(port)) ?? port, enumerable: true },
    ...(isName
      ? { lookup: { value: lookupOf(reroute.address), enumerable: true } }
      : { host: { value: reroute.address, enumerable: true } }),
  }) as object;
  return [rerouted, rest.find((value) => typeof value === 'function')];
}

function answerLookups({ hostnames, address, ports }: Reroute): void {
  const isElsewhere = [...ports].some(([from, to]) => from !== to);
  const answer = isElsewhere ? STAND_IN : address;
  const callbackStyle = dns as { lookup: AnyFunction };
  const promiseStyle = dns.promises as { lookup: AnyFunction };
  const { lookup } = callbackStyle;
  const { lookup: promised } = promiseStyle;
  const found = lookupOf(answer);
  callbackStyle.lookup = like(lookup, function (...args) {
    const done: unknown = args.at(-1);
    if (!hostnames.has(plainName(args[0])) || typeof done !== 'function') {
      return Reflect.apply(lookup, this, args) as unknown;
    }
    found(args[0], args.length > 2 ? args[1] : undefined, done as Callback);
    return {};
  });
  promiseStyle.lookup = like(promised, function (...args) {
    if (!hostnames.has(plainName(args[0]))) return Reflect.apply(promised, this, args) as unknown;
    const entry = { address: answer, family: net.isIP(answer) };
    return Promise.resolve(wantsAll(args[1]) ? [entry] : entry);
  });
}

/**
 * Older axios knows HTTPS_PROXY, but not CONNECT: it asks the proxy over plain http for `https://…`, which no proxy
 * should answer (axios/axios#4531). Our names need no proxy here, so such a request is made as it was meant.
 */
function rerouteProxied({ hostnames }: Reroute): void {
  const plain = http as unknown as { request: AnyFunction };
  const original = plain.request;
  plain.request = like(original, function (...args) {
    const [options, ...rest] = args as readonly unknown[];
    const target = targetOfProxied(options);
    if (target === undefined || !hostnames.has(plainName(target.hostname))) {
      return Reflect.apply(original, this, args) as unknown;
    }
    const { hostname, port, pathname, search } = target;
    const { agents } = options as { readonly agents?: { readonly https?: unknown } };
    const direct = { protocol: 'https:', hostname, host: hostname, port: port || 443, agent: agents?.https };
    return (https.request as AnyFunction)(
      { ...(options as object), ...direct, path: pathname + search },
      ...rest,
    ) as unknown;
  });
}

function targetOfProxied(options: unknown): URL | undefined {
  if (typeof options !== 'object' || options === null || !('path' in options)) return undefined;
  const { path } = options;
  return typeof path === 'string' && path.startsWith('https://') && URL.canParse(path)
    ? new URL(path)
    : undefined;
}

/** A function in the shape of `dns.lookup` that always finds the same address. */
function lookupOf(address: string): (hostname: unknown, options: unknown, done: Callback) => void {
  const family = net.isIP(address);
  return (_hostname, options, done) => {
    const answer = wantsAll(options) ? [[{ address, family }]] : [address, family];
    setImmediate(done, null, ...answer);
  };
}

function wantsAll(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'all' in options && options.all === true;
}

function plainName(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase().replace(/\.$/, '') : '';
}

/** With the name and marks of the function that it stands for, such as the one that `util.promisify` looks for. */
function like(original: AnyFunction, replacement: AnyFunction): AnyFunction {
  return Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
}
