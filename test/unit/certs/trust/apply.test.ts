import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  inspectRemoval,
  inspectStores,
  installTrust,
  removeTrust,
} from '../../../../src/certs/trust/apply.ts';
import type { Privilege } from '../../../../src/certs/trust/steps.ts';
import { JwtDevError } from '../../../../src/errors.ts';
import { MemoryStore, NOT_FOUND, recordingRun, rootNamed } from '../../../helpers/certs-fake-stores.ts';

const ROOT = rootNamed('aaaaaaaa');

function machine(stores: readonly MemoryStore[], privilege: Privilege = 'root') {
  const { run, commands } = recordingRun((command) => {
    for (const store of stores) if (command.includes(` ${store.id} `)) store.obey(command);
    return {};
  });
  return { commands, steps: { run, platform: 'linux' as const, privilege } };
}

test('every store that lacks the root gets it, and is read again', async () => {
  const stores = [new MemoryStore('one'), new MemoryStore('two').hold(ROOT)];
  const { steps, commands } = machine(stores);
  const reports = await installTrust(stores, ROOT, steps);
  expect(reports.map(({ status, changed }) => [status, changed])).toEqual([
    ['trusted', true],
    ['trusted', false],
  ]);
  expect(commands).toEqual([`add one ${ROOT.name} --batch`]);
});

test('a root that is there without effect is put in anew, and an earlier root of the site goes', async () => {
  const old = rootNamed('00000000');
  const store = new MemoryStore('one').hold(ROOT, false).hold(old).hold(rootNamed('bbbbbbbb', 'shop.test'));
  const { steps, commands } = machine([store]);
  await installTrust([store], ROOT, steps);
  expect(commands).toEqual([`drop one ${ROOT.name}`, `drop one ${old.name}`, `add one ${ROOT.name} --batch`]);
  expect([...store.content.keys()].toSorted()).toEqual([ROOT.name, 'jwt-dev root bbbbbbbb shop.test']);
});

test('looking changes nothing and names the commands, without what only suits machines', async () => {
  const store = new MemoryStore('one', true);
  const { steps, commands } = machine([store], 'none');
  const [report] = await inspectStores([store], ROOT, steps);
  expect(report).toMatchObject({ status: 'not-trusted', commands: [`sudo add one '${ROOT.name}'`] });
  const [removal] = await inspectRemoval([store.hold(ROOT)], null, steps);
  expect(removal).toMatchObject({ status: 'trusted', commands: [`sudo drop one '${ROOT.name}'`] });
  expect(commands).toEqual([]);
});

test('only the step itself goes through sudo, and only where the store needs it', async () => {
  const stores = [new MemoryStore('home'), new MemoryStore('system', true)];
  const { steps, commands } = machine(stores, 'sudo');
  await installTrust(stores, ROOT, steps);
  expect(commands[0]).toBe(`add home ${ROOT.name} --batch`);
  expect(commands[1]).toMatch(
    new RegExp(`^sudo -- /usr/bin/env -i PATH=\\S+ add system ${ROOT.name} --batch$`),
  );
});

test('without root and without a terminal the command is given and the other stores are done', async () => {
  const stores = [new MemoryStore('system', true), new MemoryStore('home')];
  const { steps, commands } = machine(stores, 'none');
  const reports = await installTrust(stores, ROOT, steps);
  expect(reports.map(({ status }) => status)).toEqual(['needs-root', 'trusted']);
  expect(reports[0]?.commands).toEqual([`sudo add system '${ROOT.name}'`]);
  expect(commands).toEqual([`add home ${ROOT.name} --batch`]);
});

test('a store that throws, one that cannot be used and one whose tool is missing stop no other', async () => {
  const throws = new MemoryStore('throws');
  throws.facts = () => Promise.reject(new JwtDevError('ERR_FILE_READ', 'Cannot read it.', { hint: 'Look.' }));
  const unusable = new MemoryStore('unusable');
  unusable.facts = async () => ({ state: 'unusable', why: 'certutil is not installed', hint: 'Install it' });
  const noTool = new MemoryStore('no-tool');
  const good = new MemoryStore('good');
  const { run } = recordingRun((command) => {
    if (command.includes('no-tool')) return NOT_FOUND;
    good.obey(command);
    return {};
  });
  const steps = { run, platform: 'linux', privilege: 'root' } as const;
  const reports = await installTrust([throws, unusable, noTool, good], ROOT, steps);
  expect(reports.map(({ status, why }) => [status, why])).toEqual([
    ['failed', 'Cannot read it. Look.'],
    ['unusable', 'certutil is not installed. Install it'],
    ['failed', 'add is not installed'],
    ['trusted', null],
  ]);
});

test('a half-done installation is taken back', async () => {
  const store = new MemoryStore('one');
  const { run, commands } = recordingRun((command) => {
    if (command.startsWith('drop')) store.content.clear();
    else store.hold(ROOT, false);
    return command.startsWith('add') ? { exitCode: 255, stderr: 'line\ncould not authenticate' } : {};
  });
  const [report] = await installTrust([store], ROOT, { run, platform: 'linux', privilege: 'root' });
  expect(report).toMatchObject({ status: 'failed', why: 'could not authenticate', changed: false });
  expect(commands.at(-1)).toBe(`drop one ${ROOT.name}`);
  expect([store.content.size, store.tidied]).toEqual([0, 1]);
});

test('a tool that says yes and does nothing is not believed', async () => {
  const store = new MemoryStore('one');
  const steps = { run: recordingRun().run, platform: 'linux', privilege: 'root' } as const;
  expect(await installTrust([store], ROOT, steps)).toMatchObject([
    { status: 'failed', why: 'it was written, but the store does not trust it' },
  ]);
  expect(await removeTrust([store.hold(ROOT)], null, steps)).toMatchObject([
    { status: 'failed', why: 'it is still there' },
  ]);
});

test('removal takes this site’s roots, or all, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^[0-9a-f]{8}$/), fc.constantFrom('a.test', 'b.test')), {
        selector: ([id]) => id,
      }),
      fc.constantFrom('a.test', null),
      async (roots, site) => {
        const store = new MemoryStore('one');
        for (const [id, of] of roots) store.hold(rootNamed(id, of));
        const { steps } = machine([store]);
        await removeTrust([store], site, steps);
        const left = roots.filter(([, of]) => site !== null && of !== site);
        expect([...store.content.values()].map((found) => found.site)).toEqual(left.map(([, of]) => of));
      },
    ),
  );
});

test('installing and removing leaves every store as it was', async () => {
  const stores = [new MemoryStore('one'), new MemoryStore('two', true)];
  const foreign = rootNamed('cccccccc', 'shop.test');
  for (const store of stores) store.hold(foreign);
  const { steps } = machine(stores);
  await installTrust(stores, ROOT, steps);
  const reports = await removeTrust(stores, 'example.com', steps);
  expect(reports.map(({ status }) => status)).toEqual(['removed', 'removed']);
  for (const store of stores) expect([...store.content.keys()]).toEqual([foreign.name]);
  expect((await removeTrust(stores, 'example.com', steps)).map(({ status }) => status)).toEqual([
    'not-trusted',
    'not-trusted',
  ]);
});
