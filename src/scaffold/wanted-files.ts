import path from 'node:path';
import { composeParts } from './compose-files.ts';
import type { ProjectFacts } from './project-facts.ts';
import { SERVER_DIR, SERVER_NAMES, serverFolders } from './server-files.ts';
import type { TemplateFile } from './template-files.ts';
import { TEMPLATES, type TemplateName, type TemplateSource } from './templates.ts';
import { NEW_DJANGO } from './upstreams.ts';

export interface WantedFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** The folders (and single files) of templates/ that are written, in order: of two of one name the later one counts. */
export function wantedSources(
  templates: readonly TemplateName[],
  facts: ProjectFacts,
): readonly TemplateSource[] {
  return templates.flatMap((name) => {
    const server = SERVER_NAMES.find((known) => known === name);
    if (server !== undefined)
      return serverFolders(server, composeParts(templates, facts)).map((from) => ({ from, to: SERVER_DIR }));
    const { kind, parts, starter } = TEMPLATES[name];
    const isThere =
      kind === 'frontend' ? facts.frontend !== null : kind === 'backend' && facts.django !== null;
    const base = kind === 'frontend' ? (facts.frontend?.dir ?? '.') : '.';
    return [...parts, ...(isThere ? [] : starter)].map(({ from, to }) => ({
      from,
      to: to === 'django-package' ? djangoPackage(facts) : path.posix.join(base, to),
    }));
  });
}

function djangoPackage(facts: ProjectFacts): string {
  const { dir, package: name } = facts.django ?? NEW_DJANGO;
  return path.posix.join(dir, name);
}

export interface Names {
  readonly frontendHost: string;
  readonly apiHost: string;
}

/**
 * A file of a template as it is written: `dot-gitignore` becomes `.gitignore` (npm drops or renames such files in a
 * package), and the two host names become the project's, in its name too. Pure.
 */
export function wantedFile(file: TemplateFile, names: Names): WantedFile {
  const place = file.path.replaceAll(/(^|\/)dot-/g, '$1.').replaceAll('example.com', names.frontendHost);
  return { path: place, content: withNames(file.content, names), executable: file.executable };
}

function withNames(content: Buffer, { frontendHost, apiHost }: Names): Buffer {
  const text = content
    .toString('utf8')
    .replaceAll(/(?<![\w.-])(api\.)?example\.com\b(?!\.)/g, (_, api) =>
      api === undefined ? frontendHost : apiHost,
    );
  return Buffer.from(text, 'utf8');
}
