import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { JwtDevError } from '../errors.ts';
import { findProgram, isExecutable } from '../system/programs.ts';
import { browserPlaces } from './places.ts';
import type { BrowserKind, InstalledBrowser } from './types.ts';

export interface BrowserWorld {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

/**
 * An installed browser.
 * @param wanted `chromium` or `firefox` (any of its relatives), a file or a program on the PATH; undefined: any.
 * @throws JwtDevError ERR_BROWSER where there is none.
 */
export async function findBrowser(
  wanted: string | undefined,
  world: BrowserWorld,
): Promise<InstalledBrowser> {
  const isKind = wanted === 'chromium' || wanted === 'firefox';
  const places =
    wanted === undefined || isKind
      ? browserPlaces(world.platform, world.env, world.homeDir).filter(
          ({ kind }) => wanted === undefined || kind === wanted,
        )
      : [{ kind: kindOf(wanted), program: wanted }];
  for (const { kind, program } of places) {
    const file = await locate(program, world);
    if (file !== undefined) return { kind, file, snap: await snapOf(file, world.platform) };
  }
  throw new JwtDevError('ERR_BROWSER', sayMissing(wanted, isKind), {
    hint: 'Install Chromium, Chrome, Edge, Brave or Firefox, or name one: jwt-dev open --browser /path/to/browser',
  });
}

function sayMissing(wanted: string | undefined, isKind: boolean): string {
  if (wanted === undefined) return 'No browser is installed where browsers are looked for';
  return isKind
    ? `No relative of ${wanted === 'firefox' ? 'Firefox' : 'Chromium'} is installed where browsers are looked for`
    : `${wanted} is not a program that can be run`;
}

/** Whatever is not named after Firefox is taken for a Chromium: there are many names for those. */
function kindOf(program: string): BrowserKind {
  return /firefox|librewolf|waterfox/i.test(program) ? 'firefox' : 'chromium';
}

async function locate(program: string, world: BrowserWorld): Promise<string | undefined> {
  const isFile = /[/\\]/.test(program);
  if (!isFile) return findProgram(program, world);
  const file = path.resolve(program);
  return (await isExecutable(file)) ? file : undefined;
}

/** Snaps are links to `snap`; Ubuntu's packages of them are scripts that start one. */
async function snapOf(file: string, platform: NodeJS.Platform): Promise<string | null> {
  if (platform !== 'linux') return null;
  if (path.basename(await realpath(file)) === 'snap') return path.basename(file);
  const start = (await readFile(file)).subarray(0, 4_096).toString('latin1');
  if (!start.startsWith('#!')) return null;
  return /\/snap\/bin\/([a-z0-9-]+)/.exec(start)?.[1] ?? null;
}
