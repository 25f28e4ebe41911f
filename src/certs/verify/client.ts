import type { RunResult } from '../../system/run.ts';
import type { TrustWorld } from '../trust/types.ts';

/** Where a client has to connect: the name it must find on this machine, without any change to the machine. */
interface VerifyTarget {
  readonly hostname: string;
  readonly port: number;
  readonly url: string;
  /** What `NODE_EXTRA_CA_CERTS` is set to, where a client cannot be asked to read the system's store. */
  readonly caFile: string;
  /** An empty private directory, which is deleted afterwards. */
  readonly scratchDir: string;
}

export interface VerifyWorld extends TrustWorld {
  /** Chromium refuses its sandbox to root. */
  readonly isRoot: boolean;
}

/** A program that makes one real request, with the trust that it has on this machine and nothing switched off. */
export interface VerifyClient {
  readonly id: string;
  readonly label: string;
  /** The program to run, or why there is none to try. */
  find(world: VerifyWorld): Promise<ClientProgram>;
  connect(program: string, target: VerifyTarget, world: VerifyWorld): Promise<RunResult>;
}

export type ClientProgram =
  | {
      readonly program: string;
      /** What was needed beside the trust stores; null: nothing. */
      readonly condition: string | null;
    }
  | { readonly program: null; readonly why: string };

/** A client takes this long at the most: a browser's first start on a busy machine. */
export const CLIENT_TIMEOUT_MS = 60_000;

/** The environment for a child: variables that are really set. */
export function definedEnv(
  env: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const defined = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(defined), ...more };
}
