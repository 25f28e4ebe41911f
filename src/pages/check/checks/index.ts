import type { Check } from '../world.ts';
import { apiRequest } from './api-request.ts';
import { broadcastChannel } from './broadcast-channel.ts';
import { clock } from './clock.ts';
import { COOKIE_CHECKS } from './cookies.ts';
import { httpVersion } from './http-version.ts';
import { localNetwork } from './local-network.ts';
import { sameSite } from './same-site.ts';
import { secureContext } from './secure-context.ts';
import { serviceWorker } from './service-worker.ts';
import { storageAccess } from './storage-access.ts';
import { timing } from './timing.ts';
import { webLocks } from './web-locks.ts';
import { WEB_SOCKET_CHECKS } from './web-sockets.ts';

/** Everything that a browser is tried with, in order. The first request to the API decides about those that need one. */
export const CHECKS: readonly Check[] = [
  secureContext,
  httpVersion,
  apiRequest,
  sameSite,
  ...COOKIE_CHECKS,
  storageAccess,
  webLocks,
  broadcastChannel,
  ...WEB_SOCKET_CHECKS,
  localNetwork,
  clock,
  timing,
  // Last: from here on the page may be controlled by it.
  serviceWorker,
];
