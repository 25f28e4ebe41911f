import type { ProjectFacts } from '../scaffold/project-facts.ts';
import { TEMPLATE_NAMES, TEMPLATES, type TemplateKind, type TemplateName } from '../scaffold/templates.ts';

export interface Choice {
  readonly value: TemplateName | null;
  readonly label: string;
}

/** The questions of a terminal. Each answers undefined where the user has given up (Ctrl-C). */
export interface Prompts {
  readonly note: (text: string) => void;
  readonly select: (question: string, choices: readonly Choice[]) => Promise<TemplateName | null | undefined>;
}

/** Servers are for later: `jwt-dev export`. */
type AskedKind = Exclude<TemplateKind, 'server'>;

const QUESTIONS: Readonly<Record<AskedKind, string>> = {
  frontend: 'Which frontend?',
  backend: 'What answers for the API?',
  ci: 'Run the browser tests in CI?',
};

const NONE: Readonly<Record<AskedKind, string>> = {
  frontend: 'none: the demo page for now',
  backend: 'the bundled auth API: nothing to write',
  ci: 'no',
};

/**
 * Asks which templates to write; what is there already is said and not asked for.
 * @returns null: the user has given up, and nothing shall be written.
 */
export async function askTemplates(
  facts: ProjectFacts,
  prompts: Prompts,
): Promise<readonly TemplateName[] | null> {
  const chosen: TemplateName[] = [];
  for (const kind of ['frontend', 'backend', 'ci'] as const) {
    const known = sayFound(kind, facts);
    if (known !== null) prompts.note(known);
    const choices = TEMPLATE_NAMES.filter((name) => TEMPLATES[name].kind === kind && fits(name, facts));
    if (choices.length === 0) continue;
    const answer = await prompts.select(QUESTIONS[kind], [
      { value: null, label: known === null ? NONE[kind] : 'nothing: it stays as it is' },
      ...choices.map((name) => ({ value: name, label: `${name}: ${TEMPLATES[name].summary}` })),
    ]);
    if (answer === undefined) return null;
    if (answer !== null) chosen.push(answer);
  }
  return chosen;
}

/** What was found here, in a sentence; null: nothing of that kind. */
export function sayFound(kind: TemplateKind, { frontend, django }: ProjectFacts): string | null {
  const place = (dir: string): string => (dir === '.' ? 'here' : `in ${dir}/`);
  if (kind === 'frontend' && frontend !== null) {
    const start = frontend.command === null ? 'no script starts it' : `started by "${frontend.command}"`;
    return `Found a frontend with ${frontend.framework} ${place(frontend.dir)}, ${start}, port ${frontend.port}.`;
  }
  if (kind === 'backend' && django !== null)
    return `Found a Django project ${place(django.dir)}, settings in ${django.package}.`;
  return null;
}

function fits(name: TemplateName, { frontend, django }: ProjectFacts): boolean {
  const { kind, framework } = TEMPLATES[name];
  if (kind === 'frontend') return frontend === null || frontend.framework === framework;
  return kind !== 'backend' || django === null || name === 'django';
}
