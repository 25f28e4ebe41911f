import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { JwtDevError, messageOf } from '../errors.ts';
import { makePrivateDir, writeFileAtomic } from '../system/files.ts';
import type { Run } from '../system/run.ts';
import { trustInDatabase } from './nss-database.ts';
import { type OpenPlan, type OpenRequest, planOpen } from './plan.ts';

export interface OpenReport {
  readonly pid: number;
  readonly plan: OpenPlan;
}

/** A browser that cannot start says so at once; one that lives this long has started. */
const EARLY_END_MS = 1_000;

/**
 * Prepares a profile of its own and starts the browser on it, detached: it outlives us.
 * @throws JwtDevError ERR_BROWSER, ERR_FILE_WRITE
 */
export async function openBrowser(request: OpenRequest, deps: { readonly run: Run }): Promise<OpenReport> {
  refuseWithoutDisplay(request);
  const plan = planOpen(request);
  for (const dir of plan.directories) await makePrivateDir(dir, null);
  if (plan.database !== null) await trustInDatabase(plan.database, request.trust, { ...request, ...deps });
  for (const { file, content } of plan.files) {
    await writeFileAtomic(file, content, { mode: 0o600, owner: null });
  }
  return { pid: await launch(plan, request.env), plan };
}

function refuseWithoutDisplay({ platform, env, extraArgs }: OpenRequest): void {
  const headless = extraArgs.some((arg) => /^--?headless\b/.test(arg));
  if (platform !== 'linux' || headless) return;
  if ([env['DISPLAY'], env['WAYLAND_DISPLAY']].some((display) => (display ?? '') !== '')) return;
  throw new JwtDevError('ERR_BROWSER', 'There is no display to open a browser on', {
    hint: 'Run it in a desktop session, or without a window: jwt-dev open -- --headless',
  });
}

async function launch(plan: OpenPlan, env: OpenRequest['env']): Promise<number> {
  const log = await open(plan.logFile, 'w', 0o600);
  try {
    const child = spawn(plan.file, [...plan.args], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      // What our own Node was started with is not for a browser.
      env: { ...env, ...plan.env, NODE_OPTIONS: undefined },
    });
    const ended = once(child, 'exit') as Promise<[code: number | null]>;
    // Told by 'spawn' below; without a listener it would end the process.
    ended.catch(() => undefined);
    await once(child, 'spawn');
    child.unref();
    await refuseEarlyEnd(ended, plan);
    return child.pid ?? 0;
  } catch (error) {
    if (error instanceof JwtDevError) throw error;
    throw new JwtDevError('ERR_BROWSER', `${plan.file} could not be started: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    await log.close();
  }
}

/** Exit code 0 is fine: a browser that runs already on this profile has taken the URL over. */
async function refuseEarlyEnd(ended: Promise<[code: number | null]>, plan: OpenPlan): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const lives = new Promise<[code: number | null]>((resolve) => {
    timer = setTimeout(() => resolve([0]), EARLY_END_MS);
  });
  const [code] = await Promise.race([ended, lives]);
  clearTimeout(timer);
  if (code === 0) return;
  const said = (await readFile(plan.logFile, 'utf8')).trim().split('\n').slice(-5);
  throw new JwtDevError('ERR_BROWSER', `${plan.file} ended at once`, {
    details: said.filter((line) => line !== ''),
    hint: `All that it said is in ${plan.logFile}`,
  });
}
