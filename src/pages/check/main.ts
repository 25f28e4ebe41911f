import { again, conductCheck, resumeCheck } from './conduct.ts';
import { createRunReporter } from './report-to-run.ts';
import { takeUp } from './session/pause.ts';
import type { CheckSettings, CheckTask } from './types.ts';
import { createView, type View } from './view.ts';
import { CHECK_PATH, createWorld } from './world.ts';

const view = createView();
document.querySelector('#again')?.addEventListener('click', again);

main(view).catch((error: unknown) => {
  const said = error instanceof Error ? error.message : String(error);
  view.say(`The check cannot go on: ${said} Is jwt-dev still running?`, 'failed');
});

async function main(view: View): Promise<void> {
  view.say('Trying this browser.', 'running');
  const run = new URLSearchParams(location.search).get('run');
  const settings = await ask<CheckSettings>('/settings');
  if (settings === undefined) throw new Error('The settings of the environment cannot be read.');
  const world = createWorld(settings);
  const pause = run === null ? undefined : takeUp(run);
  if (run === null) return await conductCheck(null, { world, view, reporter: null });
  const reporter = createRunReporter(run);
  if (pause !== undefined) return await resumeCheck(pause, { world, view, reporter });
  const task = await ask<CheckTask>(`/run?id=${encodeURIComponent(run)}`);
  if (task === undefined) {
    view.say(
      'This run is over, or another page has begun it. Run again tries this browser without it.',
      'failed',
    );
    return;
  }
  await conductCheck(task, { world, view, reporter });
}

/** undefined: there is nothing of that kind (any more). */
async function ask<Answer>(path: string): Promise<Answer | undefined> {
  const answer = await fetch(`${CHECK_PATH}${path}`, { cache: 'no-store' });
  return answer.ok ? ((await answer.json()) as Answer) : undefined;
}
