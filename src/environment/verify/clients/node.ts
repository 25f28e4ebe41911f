import { runProcess } from '../client-process.ts';
import type { VerifyClient } from '../types.ts';
import { NODE_SCRIPT } from './node-script.ts';
import { firstProgram, readScript, scriptInput } from './tool.ts';

/** The built `jwt-dev/verdicts`. */
const JAR = new URL('../../../verdicts/entry.js', import.meta.url);

/** nodejs.org/api/process.html, "Exit codes": 9, an option that this Node does not know. */
const UNKNOWN_OPTION = 9;

export const node: VerifyClient = {
  id: 'node',
  label: 'Node',
  find: (world) => firstProgram(['node'], world),
  run: async (program, target, world) => {
    const options = { env: { ...target.env, JWT_DEV_VERIFY_JAR: JAR.href }, input: scriptInput(target) };
    const script = ['--input-type=module', '--eval', NODE_SCRIPT];
    if (target.systemTrust) {
      // Since 22.15 it reads the system's stores where it is told to.
      const result = await runProcess(program, ['--use-system-ca', ...script], options, world);
      if (result.exitCode !== UNKNOWN_OPTION) return readScript(result);
    }
    return readScript(await runProcess(program, script, options, world));
  },
};
