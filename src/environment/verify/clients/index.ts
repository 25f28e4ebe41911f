import { CLIENT_IDS, type VerifyClient } from '../types.ts';
import { chromium } from './chromium.ts';
import { curl } from './curl.ts';
import { firefox } from './firefox.ts';
import { java } from './java.ts';
import { node } from './node.ts';
import { python } from './python.ts';

const BY_ID = { chromium, firefox, node, python, curl, java } as const satisfies Record<
  (typeof CLIENT_IDS)[number],
  VerifyClient
>;

/** All clients in the order of the table. */
export const VERIFY_CLIENTS: readonly VerifyClient[] = CLIENT_IDS.map((id) => BY_ID[id]);
