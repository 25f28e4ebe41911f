import type { ChildProcess } from 'node:child_process';
import { type Remote, runBrowser } from '../browsers/browser-process.ts';
import { openChromiumPipe } from '../browsers/chromium-pipe.ts';
import { findInstalled, prepareProfile } from '../browsers/profile.ts';
import type { VerifyClient, VerifyTarget } from '../types.ts';

/** Without a window, and without what a browser does beside its pages. Nothing that decides about a page is switched off. */
const HEADLESS = [
  '--headless',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-component-extensions-with-background-pages',
  '--disable-domain-reliability',
  '--disable-breakpad',
  // /dev/shm of a container is often too small for it.
  '--disable-dev-shm-usage',
  '--mute-audio',
  '--window-size=800,600',
];

export const chromium: VerifyClient = {
  id: 'chromium',
  label: 'Chromium',
  find: (world, target) => findInstalled('chromium', world, target),
  run: async (program, target, world) => {
    const profile = await prepareProfile(program, { target, extra: HEADLESS }, world);
    return runBrowser({ profile, connect: (child) => connect(child, target) }, target, world);
  },
};

async function connect(child: ChildProcess, { facts }: VerifyTarget): Promise<Remote> {
  const complaints: string[] = [];
  const pipe = openChromiumPipe(child, ({ method, params }) => {
    const { entry } = params as {
      readonly entry?: { readonly level: string; readonly text: string; readonly url?: string };
    };
    if (method !== 'Log.entryAdded' || entry?.level !== 'error') return;
    // A status is no error: the page judges it.
    if (!entry.text.includes('the server responded with a status')) complaints.push(entry.text);
  });
  child.stderr?.resume();
  const { product = '' } = (await pipe.send('Browser.getVersion')) as { readonly product?: string };
  // What an earlier run has left in the profile that is kept.
  await pipe.send('Storage.clearCookies');
  const { targetInfos } = (await pipe.send('Target.getTargets')) as {
    readonly targetInfos: readonly { readonly targetId: string; readonly type: string }[];
  };
  const page = targetInfos.find(({ type }) => type === 'page');
  const { targetId } =
    page ?? ((await pipe.send('Target.createTarget', { url: 'about:blank' })) as { targetId: string });
  const attached = await pipe.send('Target.attachToTarget', { targetId, flatten: true });
  const sessionId = String(attached['sessionId']);
  await Promise.all([
    pipe.send('Log.enable', {}, sessionId),
    ...[facts.frontend, facts.api].map((origin) =>
      pipe.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' }, sessionId),
    ),
  ]);
  return {
    version: /\d[\d.]*/.exec(product)?.[0] ?? null,
    open: async (url) => {
      const { errorText } = (await pipe.send('Page.navigate', { url }, sessionId)) as {
        readonly errorText?: string;
      };
      return errorText === undefined ? null : `${errorText} at ${new URL(url).origin}`;
    },
    complaints: () => complaints,
    close: async () => void (await pipe.send('Browser.close')),
  };
}
