import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { fileURLToPath } from 'node:url';

/** Debian's Python, which has Debian's Django packages: not one that a version manager put first in PATH. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

/** Where dj_rest_auth is importable though it is not installed. */
const STAND_IN = fileURLToPath(new URL('../fixtures/django-stand-in', import.meta.url));

export interface DjangoWorld {
  readonly python: string;
  /** What the tests run against, in words. */
  readonly what: string;
  /** false: a stand-in answers in its place. */
  readonly hasDjRestAuth: boolean;
}

/**
 * The interpreter that DJANGO_PYTHON names, or Debian's: with the dj-rest-auth that it has, or with the stand-in where it
 * has none. One that is named and lacks it is a mistake, and said to be one.
 */
export function findDjango(): DjangoWorld {
  const named = process.env['DJANGO_PYTHON'];
  const python = named ?? DEBIAN_PYTHON;
  const version = djRestAuthVersion(python);
  if (version !== null) return { python, what: `dj-rest-auth ${version}`, hasDjRestAuth: true };
  if (named !== undefined) throw new Error(`DJANGO_PYTHON=${named} has no dj-rest-auth`);
  return {
    python,
    what: 'a stand-in for dj-rest-auth, which is not installed here (DJANGO_PYTHON names a Python that has it)',
    hasDjRestAuth: false,
  };
}

function djRestAuthVersion(python: string): string | null {
  const script =
    'import importlib.metadata as m, importlib.util as u; print(m.version("dj-rest-auth") if u.find_spec("dj_rest_auth") else "")';
  const version = execFileSync(python, ['-c', script], { encoding: 'utf8' }).trim();
  return version === '' ? null : version;
}

/**
 * What a project that `init` made with the Django template needs to run in that world: the variables for its processes.
 * `python3`, `python` and
 * `gunicorn` are then those of the interpreter; the database is in `home`.
 */
export async function djangoEnvironment(
  world: DjangoWorld,
  home: string,
  backend: string,
): Promise<Readonly<Record<string, string>>> {
  const bin = path.join(home, 'python-bin');
  await mkdir(bin);
  for (const [name, module] of Object.entries({ python3: '', python: '', gunicorn: '-m gunicorn' })) {
    const launcher = path.join(bin, name);
    await writeFile(launcher, `#!/bin/sh\nexec '${world.python}' ${module} "$@"\n`);
    await chmod(launcher, 0o755);
  }
  const shared = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    PYTHONDONTWRITEBYTECODE: '1',
    DATABASE_FILE: path.join(home, 'django.sqlite3'),
  };
  if (world.hasDjRestAuth) return shared;
  await writeFile(path.join(backend, 'config/debian_settings.py'), DEBIAN_SETTINGS);
  return { ...shared, PYTHONPATH: STAND_IN, DJANGO_SETTINGS_MODULE: 'config.debian_settings' };
}

/** Debian 12 has allauth 0.51, older than what the template asks for: its middleware came with 0.56. */
const DEBIAN_SETTINGS = `from importlib.util import find_spec

from .settings import *

if find_spec("allauth.account.middleware") is None:
    MIDDLEWARE.remove("allauth.account.middleware.AccountMiddleware")
`;
