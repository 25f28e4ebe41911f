import { NETWORK_ERRORS } from './own-network.ts';
import { WEB_ERRORS } from './own-web.ts';

/** What errors mean that are none of the findings. Each stands once, whichever client says it. */
export const OWN = { ...NETWORK_ERRORS, ...WEB_ERRORS } as const;
