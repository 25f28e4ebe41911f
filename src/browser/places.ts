import path from 'node:path';
import type { BrowserKind } from './types.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where a browser may be: a program on the PATH, or an absolute file. */
export interface BrowserPlace {
  readonly kind: BrowserKind;
  readonly program: string;
}

/**
 * Where installers put browsers, Chromium's relatives first: their names can be led anywhere without a proxy too.
 * Sources: the packages of Debian, Fedora, Google, Brave and Microsoft; Chromium's and Mozilla's documentation of
 * their installers for macOS and Windows. (macOS and Windows were not run.)
 */
export function browserPlaces(platform: NodeJS.Platform, env: Env, homeDir: string): readonly BrowserPlace[] {
  if (platform === 'darwin') return inApplications(homeDir);
  if (platform === 'win32') return inProgramFiles(env);
  return [
    ...LINUX_CHROMIUM.map((program) => ({ kind: 'chromium', program }) as const),
    ...LINUX_FIREFOX.map((program) => ({ kind: 'firefox', program }) as const),
  ];
}

const LINUX_CHROMIUM = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'brave-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const LINUX_FIREFOX = ['firefox', 'firefox-esr'];

const MACOS_APPS: readonly (readonly [kind: BrowserKind, app: string, program: string])[] = [
  ['chromium', 'Google Chrome', 'Google Chrome'],
  ['chromium', 'Chromium', 'Chromium'],
  ['chromium', 'Brave Browser', 'Brave Browser'],
  ['chromium', 'Microsoft Edge', 'Microsoft Edge'],
  ['firefox', 'Firefox', 'firefox'],
];

function inApplications(homeDir: string): readonly BrowserPlace[] {
  return MACOS_APPS.flatMap(([kind, app, program]) =>
    ['/Applications', path.posix.join(homeDir, 'Applications')].map((dir) => ({
      kind,
      program: path.posix.join(dir, `${app}.app`, 'Contents', 'MacOS', program),
    })),
  );
}

const WINDOWS_PROGRAMS: readonly (readonly [kind: BrowserKind, place: string])[] = [
  ['chromium', 'Google\\Chrome\\Application\\chrome.exe'],
  ['chromium', 'Chromium\\Application\\chrome.exe'],
  ['chromium', 'BraveSoftware\\Brave-Browser\\Application\\brave.exe'],
  ['chromium', 'Microsoft\\Edge\\Application\\msedge.exe'],
  ['firefox', 'Mozilla Firefox\\firefox.exe'],
];

function inProgramFiles(env: Env): readonly BrowserPlace[] {
  const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => env[name] ?? []);
  return WINDOWS_PROGRAMS.flatMap(([kind, place]) =>
    roots.map((root) => ({ kind, program: path.win32.join(root, place) })),
  );
}
