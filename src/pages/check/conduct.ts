import { CHECKS } from './checks/index.ts';
import { conclude } from './conclusion.ts';
import { fail, type Outcome, pass, skip } from './outcome.ts';
import type { RunReporter } from './report-to-run.ts';
import { runCheck } from './run-check.ts';
import { keep, type Pause } from './session/pause.ts';
import { type SessionStep, STEPS_AFTER_RELOAD, stepsBeforeReload } from './session/steps.ts';
import type { CheckReport, CheckStep, CheckTask } from './types.ts';
import type { View } from './view.ts';
import { CHECK_PATH, type Check, type World } from './world.ts';

export interface Conduct {
  readonly world: World;
  readonly view: View;
  /** null: nobody waits for this one. */
  readonly reporter: RunReporter | null;
}

const RELOAD = { id: 'reload', title: 'The page is loaded again' };
const NOT_REACHED = 'Not reached: something before it failed.';

/** A whole check, up to the reload where a login belongs to it. */
export async function conductCheck(task: CheckTask | null, conduct: Conduct): Promise<void> {
  const before = task === null ? [] : stepsBeforeReload(task);
  const after = before.length === 0 ? [] : [RELOAD, ...STEPS_AFTER_RELOAD];
  const sessionFirst = before.length > 0 && task?.browserChecks === 'after-failure';
  conduct.view.plan([...(sessionFirst ? [] : CHECKS), ...before, ...after]);
  const protocol = openProtocol(
    { browser: navigator.userAgent, at: new Date().toISOString(), steps: [] },
    conduct,
  );
  if (!sessionFirst) await tryBrowser(protocol, conduct);
  if (task === null || before.length === 0) return await end(protocol, conduct);
  if (await tryInTurn(before, protocol, conduct)) {
    const { id: run, browserChecks } = task;
    await reload({ run, browserChecks, report: protocol.report() }, protocol, conduct);
    return;
  }
  for (const step of after) protocol.add(notReached(step));
  if (sessionFirst) await explainFailure(protocol, conduct);
  await end(protocol, conduct);
}

/** The session has failed, and the browser was not tried before it. */
async function explainFailure(protocol: Protocol, conduct: Conduct): Promise<void> {
  conduct.view.plan([...protocol.report().steps, ...CHECKS]);
  for (const step of protocol.report().steps) conduct.view.show(step);
  await tryBrowser(protocol, conduct);
}

/** What is left of a check after its reload. */
export async function resumeCheck({ report, browserChecks }: Pause, conduct: Conduct): Promise<void> {
  conduct.view.plan([...report.steps, RELOAD, ...STEPS_AFTER_RELOAD]);
  for (const step of report.steps) conduct.view.show(step);
  const protocol = openProtocol(report, conduct);
  protocol.add(await runCheck(RELOAD, describeReload));
  const goesOn = await tryInTurn(STEPS_AFTER_RELOAD, protocol, conduct);
  if (!goesOn && browserChecks === 'after-failure') await explainFailure(protocol, conduct);
  await end(protocol, conduct);
}

function describeReload(): Outcome {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'reload'
    ? pass('Everything that a script held is gone; only cookies are left.')
    : fail('The page came back in another way than by a reload.', 'Open the page of the run anew.');
}

interface Protocol {
  readonly add: (step: CheckStep) => void;
  readonly report: () => CheckReport;
}

function openProtocol(start: CheckReport, { view, reporter }: Conduct): Protocol {
  const steps = [...start.steps];
  const report = (): CheckReport => ({ ...start, steps: [...steps] });
  return {
    report,
    add: (step) => {
      steps.push(step);
      view.show(step);
      reporter?.tell(report());
    },
  };
}

async function tryBrowser(protocol: Protocol, { world, view }: Conduct): Promise<void> {
  let apiAnswers = true;
  for (const check of CHECKS) {
    view.begin(check.id);
    const step = await runCheck(check, () => attempt(check, world, apiAnswers));
    if (check.id === 'api-request') apiAnswers = step.status === 'pass';
    protocol.add(step);
  }
}

function attempt(check: Check, world: World, apiAnswers: boolean): Promise<Outcome> | Outcome {
  return check.needsApi === true && !apiAnswers
    ? skip('Not tried: the API is not reached.')
    : check.run(world);
}

/** Each depends on the one before. @returns whether all went well. */
async function tryInTurn(
  steps: readonly SessionStep[],
  protocol: Protocol,
  { world, view }: Conduct,
): Promise<boolean> {
  let goesOn = true;
  for (const step of steps) {
    view.begin(step.id);
    const done: CheckStep = goesOn ? await runCheck(step, () => step.run(world)) : notReached(step);
    goesOn &&= done.status !== 'fail';
    protocol.add(done);
  }
  return goesOn;
}

function notReached({ id, title }: Pick<CheckStep, 'id' | 'title'>): CheckStep {
  return { id, title, ...skip(NOT_REACHED), ms: 0 };
}

async function reload(pause: Pause, protocol: Protocol, conduct: Conduct): Promise<void> {
  try {
    keep(pause);
  } catch (error) {
    // Storage that is switched off: whatever the browser calls it, the run cannot go on.
    const said = error instanceof Error ? error.message : String(error);
    const outcome = fail(`sessionStorage cannot be used: ${said}`, 'Allow this site to store data.');
    protocol.add(await runCheck(RELOAD, () => outcome));
    for (const step of STEPS_AFTER_RELOAD) protocol.add(notReached(step));
    await end(protocol, conduct);
    return;
  }
  conduct.view.say('Loading the page again: the session must survive that.', 'running');
  location.reload();
}

async function end(protocol: Protocol, { view, reporter }: Conduct): Promise<void> {
  const report = protocol.report();
  await reporter?.finish(report);
  const withSession = report.steps.some(({ id }) => id === 'login');
  const { text, state } = conclude(report.steps, withSession);
  view.say(text, state);
  view.offer(report);
}

/** Everything from the start, in a page without any memory of this check. */
export function again(): void {
  location.assign(CHECK_PATH);
}
