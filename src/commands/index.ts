import type { Command } from 'commander';
import { registerCerts } from './certs.ts';
import type { ActionRunner } from './command.ts';
import { registerHosts } from './hosts.ts';
import { registerInit } from './init.ts';
import { registerOutbox } from './outbox.ts';
import { registerTrust, registerUntrust } from './trust.ts';
import { registerUp } from './up.ts';
import { registerUsers } from './users.ts';

/** All commands in the order of `--help`. Each file is small: what it does is loaded when it runs. */
export const COMMANDS: readonly ((program: Command, act: ActionRunner) => void)[] = [
  registerInit,
  registerUp,
  registerHosts,
  registerCerts,
  registerTrust,
  registerUntrust,
  registerUsers,
  registerOutbox,
];
