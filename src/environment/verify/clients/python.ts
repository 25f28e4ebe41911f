import { runProcess } from '../client-process.ts';
import type { VerifyClient } from '../types.ts';
import { PYTHON_SCRIPT } from './python-script.ts';
import { firstProgram, readScript, scriptInput } from './tool.ts';

export const python: VerifyClient = {
  id: 'python',
  label: 'Python (VERIFY_X509_STRICT)',
  find: (world) => firstProgram(['python3', 'python'], world),
  run: async (program, target, world) =>
    // -S, -E and -I would change what the user's own Python does; only the working directory's modules are kept out.
    readScript(
      await runProcess(
        program,
        ['-c', PYTHON_SCRIPT],
        { env: { ...target.env, PYTHONSAFEPATH: '1' }, input: scriptInput(target) },
        world,
      ),
    ),
};
