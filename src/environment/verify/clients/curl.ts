import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CheckStep } from '../../../browser-check/types.ts';
import { readFileIfPresent } from '../../../system/files.ts';
import { runProcess } from '../client-process.ts';
import type { ClientRun, VerifyClient, VerifyTarget, VerifyWorld } from '../types.ts';
import { firstProgram, LOGIN_STEPS, stepOf } from './tool.ts';

/**
 * One curl for each request, with curl's own jar between them, as in a shell script. The jar comes by stdin, since some
 * versions read a file once more at their end and put back what the answer has deleted (curl/curl#10685); what is sent
 * comes from a private file, since a list of processes is none for passwords.
 */
export const curl: VerifyClient = {
  id: 'curl',
  label: 'curl',
  find: (world) => firstProgram(['curl'], world),
  run: async (program, target, world) => {
    const dir = await mkdtemp(path.join(target.keptDir, 'curl-'));
    try {
      return await logInAndOut(program, dir, target, world);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function logInAndOut(
  program: string,
  dir: string,
  { base, frontend, account, env }: VerifyTarget,
  world: VerifyWorld,
): Promise<ClientRun> {
  const asked = await runProcess(program, ['--version'], { env }, world);
  const version = /^curl (\S+)/.exec(asked.stdout)?.[1] ?? null;
  const steps: CheckStep[] = [];
  const [jarFile, bodyFile] = [path.join(dir, 'cookies'), path.join(dir, 'body')];
  let jar = '';
  for (const [index, { method, path: where }] of LOGIN_STEPS.entries()) {
    const csrf = method === 'GET' ? undefined : cookieIn(jar, 'csrftoken');
    await writeFile(bodyFile, index === 0 ? JSON.stringify(account.fields) : '{}', { mode: 0o600 });
    const began = performance.now();
    const result = await runProcess(
      program,
      [
        // Before everything else: the user's own settings are not ours to test.
        '--disable',
        '--silent',
        '--show-error',
        '--cookie',
        '-',
        '--cookie-jar',
        jarFile,
        '--header',
        `Origin: ${frontend}`,
        '--header',
        'Accept: application/json',
        ...(csrf === undefined ? [] : ['--header', `X-CSRFToken: ${csrf}`, '--referer', `${frontend}/`]),
        ...(method === 'GET'
          ? []
          : [
              '--request',
              method,
              '--header',
              'Content-Type: application/json',
              '--data-binary',
              `@${bodyFile}`,
            ]),
        '--write-out',
        '\\n%{http_code}',
        '--max-time',
        '25',
        `${base}${where}`,
      ],
      { env, input: jar },
      world,
    );
    // A jar that has become empty is not written.
    jar = (await readFileIfPresent(jarFile))?.toString() ?? '';
    await rm(jarFile, { force: true });
    const ms = Math.round(performance.now() - began);
    if (result.exitCode !== 0) {
      const error = result.failure ?? (result.stderr.trim() || `curl ended with ${result.exitCode}`);
      steps.push(...stepOf(index, { error, ms }));
      return { version, steps, said: error };
    }
    const at = result.stdout.lastIndexOf('\n');
    const [step] = stepOf(index, {
      status: Number(result.stdout.slice(at + 1)),
      body: result.stdout.slice(0, Math.min(at, 300)),
      ms,
    });
    if (step !== undefined) steps.push(step);
    if (step?.status === 'fail') return { version, steps, said: step.detail };
  }
  return { version, steps, said: '' };
}

/** Netscape's format: seven fields between tabs, the name and the value last (curl.se/docs/http-cookies.html). */
function cookieIn(jar: string, name: string): string | undefined {
  const lines = jar.split('\n').map((line) => line.split('\t'));
  return lines.find((fields) => fields[5] === name)?.[6];
}
