import { isDocument, type Sight } from '../sight.ts';
import { createLru } from './lru.ts';

/** Knows what makes the missing canary say nothing: the browser had none yet, or has none any more. */
export interface CredentialedCalls {
  /** To be told of each exchange, in the order in which they ended. */
  readonly learn: (sight: Sight) => void;
  /** Whether a request without the canary may be one with credentials all the same. */
  readonly isDoubtful: (sight: Sight) => boolean;
}

const CLIENTS = 64;
const CALLS = 100;

interface Client {
  /** Methods and paths that went with credentials since the last document: without them, the cookies were cleared. */
  readonly calls: Set<string>;
  documentAt: number;
}

export function createCredentialedCalls(): CredentialedCalls {
  const clients = createLru<string, Client>(CLIENTS);
  const clientOf = (sight: Sight): Client => {
    const known = clients.get(sight.client);
    if (known !== undefined) return known;
    const client: Client = { calls: new Set(), documentAt: 0 };
    clients.set(sight.client, client);
    return client;
  };
  return {
    learn: (sight) => {
      if (isDocument(sight)) {
        const client = clientOf(sight);
        client.calls.clear();
        client.documentAt = sight.exchange.at;
      } else if (sight.where === 'api' && (sight.cookie !== '' || sight.exchange.canary === 'sent')) {
        const { calls } = clientOf(sight);
        if (calls.size < CALLS) calls.add(callOf(sight));
      }
    },
    isDoubtful: (sight) => {
      const client = clients.get(sight.client);
      if (client === undefined) return false;
      return sight.exchange.at < client.documentAt || client.calls.has(callOf(sight));
    },
  };
}

function callOf({ exchange, path }: Sight): string {
  return `${exchange.method} ${path}`;
}
