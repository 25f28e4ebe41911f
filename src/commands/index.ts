import type { Command } from 'commander';
import { registerCerts } from './certs.ts';
import { registerClean } from './clean.ts';
import type { ActionRunner } from './command.ts';
import { registerCompletion } from './completion.ts';
import { registerDoctor } from './doctor.ts';
import { registerDown } from './down.ts';
import { registerEnv } from './env.ts';
import { registerExec } from './exec.ts';
import { registerExplain } from './explain.ts';
import { registerExport } from './export.ts';
import { registerHosts } from './hosts.ts';
import { registerInit } from './init.ts';
import { registerLogs } from './logs.ts';
import { registerOpen } from './open.ts';
import { registerOutbox } from './outbox.ts';
import { registerStatus } from './status.ts';
import { registerTrust, registerUntrust } from './trust.ts';
import { registerUp } from './up.ts';
import { registerUsers } from './users.ts';
import { registerVerify } from './verify.ts';
import { registerWait } from './wait.ts';

/** All commands in the order of `--help`. Each file is small: what it does is loaded when it runs. */
export const COMMANDS: readonly ((program: Command, act: ActionRunner) => void)[] = [
  registerInit,
  registerExport,
  registerUp,
  registerStatus,
  registerWait,
  registerLogs,
  registerDown,
  registerOpen,
  registerExec,
  registerEnv,
  registerHosts,
  registerCerts,
  registerTrust,
  registerUntrust,
  registerDoctor,
  registerVerify,
  registerExplain,
  registerUsers,
  registerOutbox,
  registerClean,
  registerCompletion,
];
