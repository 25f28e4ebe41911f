import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { readFileIfPresent } from '../system/files.ts';
import {
  type DetectedDjango,
  type DetectedFrontend,
  detectDjango,
  detectFrontend,
} from './detect-project.ts';

export interface ProjectFacts {
  readonly frontend: DetectedFrontend | null;
  readonly django: DetectedDjango | null;
  /** The server of the Express template. */
  readonly hasExpressServer: boolean;
}

/** Where people keep the two halves of a project. */
const FRONTEND_DIRS = ['.', 'frontend', 'client', 'web'];
const BACKEND_DIRS = ['.', 'backend', 'api', 'server'];

/** What the directory holds already: the first frontend and the first Django project that are found. */
export async function readProjectFacts(projectDir: string): Promise<ProjectFacts> {
  const frontends = await Promise.all(FRONTEND_DIRS.map((dir) => readFrontend(projectDir, dir)));
  const backends = await Promise.all(BACKEND_DIRS.map((dir) => readDjango(projectDir, dir)));
  return {
    frontend: frontends.find((found) => found !== null) ?? null,
    django: backends.find((found) => found !== null) ?? null,
    hasExpressServer:
      (await readText(path.join(projectDir, 'server/main.mjs')))?.includes('jwt-dev/auth') === true,
  };
}

async function readFrontend(projectDir: string, dir: string): Promise<DetectedFrontend | null> {
  const packageJson = await readText(path.join(projectDir, dir, 'package.json'));
  if (packageJson === null) return null;
  const names = await readdir(path.join(projectDir, dir));
  return detectFrontend({ dir, packageJson, names });
}

async function readDjango(projectDir: string, dir: string): Promise<DetectedDjango | null> {
  const managePy = await readText(path.join(projectDir, dir, 'manage.py'));
  const found = managePy === null ? null : detectDjango(dir, managePy);
  if (found === null) return null;
  const python = await findPython(projectDir, dir);
  return python === null ? found : { ...found, python };
}

/** The Python of a virtual environment beside manage.py or in the project, as the venv module lays it out. */
async function findPython(projectDir: string, dir: string): Promise<string | null> {
  for (const place of dir === '.' ? [''] : ['', '..']) {
    for (const name of ['.venv', 'venv']) {
      for (const program of ['bin/python', 'Scripts/python.exe']) {
        const relative = path.posix.join(place, name, program);
        const found = await stat(path.join(projectDir, dir, relative)).catch(unlessMissing);
        if (found?.isFile() === true) return relative;
      }
    }
  }
  return null;
}

/** The text of a regular file; null: there is none. */
async function readText(file: string): Promise<string | null> {
  const found = await lookAt(file);
  return found.kind === 'file' ? found.bytes.toString('utf8') : null;
}

export type Found =
  | { readonly kind: 'missing' }
  | { readonly kind: 'file'; readonly bytes: Buffer }
  /** Something of that name, or on the way to it, is no file (or no directory): it stays. */
  | { readonly kind: 'in-the-way'; readonly what: string };

/**
 * What stands where a file is wanted. Directories on the way may be links, but only to places inside the project.
 * @throws JwtDevError ERR_FILE_READ
 */
export async function lookAtProject(projectDir: string, relative: string): Promise<Found> {
  const parts = relative.split('/');
  const root = await realpath(projectDir).catch(unlessMissing);
  if (root === null) return { kind: 'missing' };
  for (let depth = 1; depth < parts.length; depth += 1) {
    const name = parts.slice(0, depth).join('/');
    const place = path.join(projectDir, name);
    const link = await lstat(place).catch(unlessMissing);
    if (link === null) return { kind: 'missing' };
    const target = link.isSymbolicLink() ? await realpath(place).catch(unlessMissing) : place;
    if (target === null) return inTheWay(`${name} is a link that leads nowhere`);
    if (link.isSymbolicLink() && !isInside(root, target))
      return inTheWay(`${name} is a link that leads out of the project`);
    if (!(await stat(target)).isDirectory()) return inTheWay(`${name} is a file`);
  }
  return lookAt(path.join(projectDir, relative), relative);
}

function isInside(root: string, target: string): boolean {
  return target === root || target.startsWith(root + path.sep);
}

async function lookAt(file: string, name = file): Promise<Found> {
  const link = await lstat(file).catch(unlessMissing);
  if (link === null) return { kind: 'missing' };
  const target = link.isSymbolicLink() ? await stat(file).catch(unlessMissing) : link;
  if (target === null) return inTheWay(`${name} is a link that leads nowhere`);
  if (target.isDirectory()) return inTheWay(`${name} is a directory`);
  if (!target.isFile()) return inTheWay(`${name} is not a regular file`);
  const bytes = await readFileIfPresent(file);
  return bytes === undefined ? { kind: 'missing' } : { kind: 'file', bytes };
}

function inTheWay(what: string): Found {
  return { kind: 'in-the-way', what };
}

function unlessMissing(error: unknown): null {
  // ELOOP: links that lead to each other lead nowhere.
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return null;
  throw new JwtDevError('ERR_FILE_READ', `The project cannot be read: ${messageOf(error)}`, {
    cause: error,
    hint: 'Check the permissions of that file and run the command again. Nothing was written.',
  });
}
