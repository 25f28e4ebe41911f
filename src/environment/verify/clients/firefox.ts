import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../errors.ts';
import { type Remote, runBrowser } from '../browsers/browser-process.ts';
import { openCheckRun } from '../browsers/check-run.ts';
import { type FirefoxBidi, openFirefoxBidi } from '../browsers/firefox-bidi.ts';
import { endOrphan } from '../browsers/orphan.ts';
import { findInstalled, type Profile, prepareProfile } from '../browsers/profile.ts';
import type { VerifyClient, VerifyTarget, VerifyWorld } from '../types.ts';

const HEADLESS = ['--headless'];

/**
 * For the picture that it is asked for, Firefox loads one page as a tab would and ends when that is loaded; its own window,
 * which is most of the work of its start, is never made. The picture goes nowhere.
 */
const picture = (url: string): readonly string[] => [
  ...HEADLESS,
  '--window-size',
  '800,600',
  '--screenshot',
  os.devNull,
  url,
];

/** Whoever connects to that port, of whichever user, has the browser do what its owner may: read files, for one. */
const REMOTE = ['--remote-debugging-port', '0'];

/** Work at the start that no page needs. Nothing that decides about a page is switched off. */
const QUICK: Readonly<Record<string, string | number | boolean>> = {
  'app.update.auto': false,
  'app.update.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.newtabpage.activity-stream.feeds.system.topstories': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.search.update': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.topsites.contile.enabled': false,
  'browser.translations.enable': false,
  'dom.ipc.processPrelaunch.enabled': false,
  'dom.push.connection.enabled': false,
  'extensions.blocklist.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  // It has none but its own, and they need no process.
  'extensions.webextensions.remote': false,
  'geo.provider.testing': true,
  'media.gmp-manager.updateEnabled': false,
  'network.dns.disablePrefetch': true,
  'network.prefetch-next': false,
  'security.remote_settings.crlite_filters.enabled': false,
  'security.remote_settings.intermediates.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.startup.max_resumed_crashes': -1,
  'toolkit.telemetry.enabled': false,
};

/** What sessions leave in a profile, which is kept for the time that its making takes. */
const LEFT_BY_SESSIONS = [
  'cookies.sqlite',
  'cookies.sqlite-wal',
  'cookies.sqlite-shm',
  'storage',
  'sessionstore-backups',
];

export const firefox: VerifyClient = {
  id: 'firefox',
  label: 'Firefox',
  find: (world, target) => findInstalled('firefox', world, target),
  run: async (program, target, world) => {
    const begun = await openCheckRun(target, world);
    const { url, language } = begun.stage;
    const profile = await freshProfile(program, picture(url), [...LANGUAGES, language], target, world);
    const run = await runBrowser({ profile, connect: listen, begun }, target, world);
    const isSilent = run.said !== '' && run.steps.length === 0;
    if (!isSilent || world.signal.aborted) return run;
    const asked = await freshProfile(program, [...HEADLESS, ...REMOTE], LANGUAGES, target, world);
    return runBrowser({ profile: asked, connect }, target, world);
  },
};

/** What Firefox asks for in English. */
const LANGUAGES = ['en-US', 'en'];

/** A Firefox that cannot be asked anything: what its page says is all. */
async function listen(child: ChildProcess): Promise<Remote> {
  child.stderr?.resume();
  return {
    version: null,
    open: async () => 'the page said nothing',
    complaints: () => [],
    close: async () => void child.kill(),
  };
}

/** The profile that is kept, without what sessions have left in it. */
async function freshProfile(
  program: string,
  extra: readonly string[],
  languages: readonly string[],
  target: VerifyTarget,
  world: VerifyWorld,
): Promise<Profile> {
  const settings = { ...QUICK, 'intl.accept_languages': languages.join(', ') };
  const preferences = Object.entries(settings)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
  const profile = await prepareProfile(program, { target, extra, preferences }, world);
  await endOrphan(profile.dir, world);
  for (const name of LEFT_BY_SESSIONS)
    await rm(path.join(profile.dir, name), { recursive: true, force: true });
  return profile;
}

/** A Firefox that is asked why a page cannot be had: only where the one that was started with that page says nothing. */
async function connect(child: ChildProcess): Promise<Remote> {
  const complaints: string[] = [];
  if (child.stderr === null) throw new Error('Firefox has no stderr');
  const session = await openFirefoxBidi(child.stderr, ({ method, params }) => {
    const { level, text } = params as { readonly level?: string; readonly text?: string };
    if (method === 'log.entryAdded' && level === 'error' && typeof text === 'string') complaints.push(text);
  });
  // At once: there is one session at most, so nobody else can have one.
  await session.send('session.new', { capabilities: {} });
  return {
    version: null,
    open: async (url) => {
      const [{ contexts }] = (await Promise.all([
        session.send('browsingContext.getTree'),
        session.send('session.subscribe', { events: ['log.entryAdded'] }),
      ])) as unknown as [{ readonly contexts: readonly { readonly context: string }[] }];
      const context = contexts[0]?.context;
      try {
        await session.send('browsingContext.navigate', { context, url, wait: 'interactive' });
        return null;
      } catch (error) {
        return sayError(messageOf(error), new URL(url).origin, session, context);
      }
    },
    complaints: () => complaints,
    close: async () => void (await session.send('browser.close')),
  };
}

/** The error page knows more than the protocol says: the code that Firefox shows to people. */
async function sayError(
  words: string,
  origin: string,
  bidi: FirefoxBidi,
  context: string | undefined,
): Promise<string> {
  const expression =
    "document.getFailedCertSecurityInfo?.().errorCodeString || new URLSearchParams(document.documentURI.split('?')[1]).get('e') || ''";
  const answer = await bidi
    .send('script.evaluate', { expression, target: { context }, awaitPromise: false })
    .catch((error: unknown) => ({ result: { value: messageOf(error) } }));
  const { result } = answer as { readonly result?: { readonly value?: unknown } };
  const code = typeof result?.value === 'string' ? result.value : '';
  const name = ERROR_PAGES[code] ?? code;
  const said = words.replace(/^Error: /, '');
  return `${said.includes(name) ? '' : `${name}: `}${said} at ${origin}`;
}

/** Firefox's names of its error pages, as its console and its people know the same. */
const ERROR_PAGES: Readonly<Record<string, string>> = {
  dnsNotFound: 'NS_ERROR_UNKNOWN_HOST',
  connectionFailure: 'NS_ERROR_CONNECTION_REFUSED',
  netTimeout: 'NS_ERROR_NET_TIMEOUT',
  netReset: 'NS_ERROR_NET_RESET',
  netInterrupt: 'NS_ERROR_NET_INTERRUPT',
  proxyConnectFailure: 'NS_ERROR_PROXY_CONNECTION_REFUSED',
};
