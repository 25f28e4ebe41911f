import { createRequire } from 'node:module';
import util from 'node:util';
import type HttpProxy from 'http-proxy';

/**
 * http-proxy 1.18 keeps a reference to `util._extend` when it is loaded, and each call of that warns on Node 24 (DEP0060;
 * fixed by http-party/node-http-proxy#1666, which was never released). So it is given what the warning names as the
 * replacement, for just as long as it loads: synchronously, so that nobody else can see it.
 */
export function loadHttpProxy(): typeof HttpProxy {
  const legacy = util as unknown as { _extend: unknown };
  const nodes = legacy._extend;
  legacy._extend = Object.assign;
  try {
    return createRequire(import.meta.url)('http-proxy') as typeof HttpProxy;
  } finally {
    legacy._extend = nodes;
  }
}
