import { BACKENDS } from './clients/backends.ts';
import { CHROMIUM_COOKIES } from './clients/chromium-cookies.ts';
import { CHROMIUM_CORS } from './clients/chromium-cors.ts';
import { CHROMIUM_NET } from './clients/chromium-net.ts';
import { CURL } from './clients/curl.ts';
import { FIREFOX } from './clients/firefox.ts';
import { JAVA_AND_GO } from './clients/java-go.ts';
import { CHROMIUM_NAMES, OUR_NAMES } from './clients/names.ts';
import { NODE } from './clients/node.ts';
import { OPENSSL } from './clients/openssl.ts';
import { PYTHON } from './clients/python.ts';
import { SAFARI } from './clients/safari.ts';
import { TOOLS } from './clients/tools.ts';
import type { ErrorPattern } from './types.ts';

/** Everything that is understood. Where two match the same words, the longer match counts, then the earlier pattern. */
export const PATTERNS: readonly ErrorPattern[] = [
  ...OUR_NAMES,
  ...CHROMIUM_CORS,
  ...CHROMIUM_COOKIES,
  ...CHROMIUM_NAMES,
  ...CHROMIUM_NET,
  ...FIREFOX,
  ...SAFARI,
  ...NODE,
  ...CURL,
  ...PYTHON,
  ...JAVA_AND_GO,
  ...BACKENDS,
  ...TOOLS,
  ...OPENSSL,
];
