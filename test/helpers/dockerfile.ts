import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DEBIAN_PYTHON } from './django.ts';

/**
 * What an image would be made of, without containers: each stage is a directory, and a path of the image is a path below
 * it. Users are not made and base images are not had: node, npm and python are the machine's.
 */
export interface ImageTree {
  /** A path of the last stage's image, or a text with such paths in it, as it is on this machine. */
  readonly here: (text: string) => string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | null;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  /** The commands of RUN that were not run, because they are about users or fetch from PyPI. */
  readonly leftOut: readonly string[];
}

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

function readInstructions(text: string): readonly Instruction[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...words] = line.split(' ');
      return { name, rest: words.join(' ').trim() };
    });
}

/** The files of a build context that Docker's own client would send: .dockerignore by docker-py's rules. */
async function contextFiles(context: string, ignoreFile: string): Promise<readonly string[]> {
  const script =
    'import json, os, sys; from docker.utils.build import exclude_paths; root, ignore = sys.argv[1:];' +
    'patterns = [line.strip() for line in open(ignore)];' +
    'patterns = [line for line in patterns if line and not line.startswith("#")];' +
    'print(json.dumps([name for name in sorted(exclude_paths(root, patterns)) if os.path.isfile(os.path.join(root, name))]))';
  const { stdout } = await promisify(execFile)(DEBIAN_PYTHON, ['-c', script, context, ignoreFile]);
  return JSON.parse(stdout) as readonly string[];
}

const NOT_RUN = /\b(useradd|install -d -o|pip install|python -m venv)\b/;
const PLACES = /(?<![\w.)}-])\/(?=(?:app|data|venv|requirements|srv\/www)(?![\w-]))/g;

/** Does what a Dockerfile says: COPY from what the context really holds, and RUN by `sh` in the stage's directory. */
export async function buildTree(
  dockerfile: string,
  context: string,
  root: string,
  sh: (line: string, cwd: string) => Promise<unknown>,
): Promise<ImageTree> {
  const sent = path.join(root, 'context');
  for (const name of await contextFiles(context, `${dockerfile}.dockerignore`))
    await cp(path.join(context, name), path.join(sent, name), { recursive: true });
  let stage = root;
  let workDir = '/';
  let env: Record<string, string> = {};
  let user: string | null = null;
  let command: readonly string[] = [];
  let healthCheck: readonly string[] = [];
  const leftOut: string[] = [];
  const here = (text: string): string => text.replaceAll(PLACES, `${stage}/`);
  const within = (dir: string, place: string): string =>
    path.join(dir, place.startsWith('/') ? place : path.join(workDir, place));
  for (const { name, rest } of readInstructions(await readFile(dockerfile, 'utf8'))) {
    if (name === 'FROM') {
      stage = path.join(root, /AS (\w+)$/.exec(rest)?.[1] ?? 'image');
      [workDir, env, user] = ['/', {}, null];
    } else if (name === 'WORKDIR') workDir = rest;
    else if (name === 'ENV')
      for (const pair of rest.split(' ')) {
        const [key = '', value = ''] = pair.split('=');
        env[key] = here(value);
      }
    else if (name === 'USER') user = rest;
    else if (name === 'COPY') await copy(rest, { sent, root, within: (place) => within(stage, place) });
    else if (name === 'RUN' && NOT_RUN.test(rest)) leftOut.push(rest);
    else if (name === 'RUN') await sh(here(rest), within(stage, '.'));
    else if (name === 'CMD') command = JSON.parse(rest) as readonly string[];
    else if (name === 'HEALTHCHECK')
      healthCheck = JSON.parse(rest.slice(rest.indexOf('[', rest.indexOf('CMD')))) as readonly string[];
    else if (name !== 'EXPOSE') throw new Error(`${name} is not known here`);
  }
  await mkdir(path.join(stage, 'data'), { recursive: true, mode: 0o700 });
  return { here, env, user, command, healthCheck, leftOut };
}

async function copy(
  rest: string,
  places: {
    readonly sent: string;
    readonly root: string;
    readonly within: (place: string) => string;
  },
): Promise<void> {
  const words = rest.split(' ');
  const stage = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1];
  const names = stage === undefined ? words : words.slice(1);
  const to = names.at(-1) ?? '';
  for (const from of names.slice(0, -1)) {
    // A pattern may match nothing; a name must be there.
    if (from.includes('*')) continue;
    const source = path.join(stage === undefined ? places.sent : path.join(places.root, stage), from);
    // What RUN was left out for is not there either.
    if (stage !== undefined && from === '/venv') continue;
    const isDirectory = !path.basename(from).includes('.') || from === '.';
    const target = places.within(to);
    await cp(source, isDirectory ? target : path.join(target, path.basename(from)), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}
