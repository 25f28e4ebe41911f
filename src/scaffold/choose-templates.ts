import type { ProjectFacts } from './project-facts.ts';
import { TEMPLATE_NAMES, TEMPLATES, type TemplateName } from './templates.ts';

export function isTemplateName(name: string): name is TemplateName {
  return (TEMPLATE_NAMES as readonly string[]).includes(name);
}

/**
 * Why these templates cannot be written together, or into this project: sentences. Pure.
 * @param names as the user gave them, each once.
 */
export function templateMistakes(names: readonly string[], facts: ProjectFacts): readonly string[] {
  const unknown = names.filter((name) => !isTemplateName(name));
  if (unknown.length > 0)
    return unknown.map((name) => `There is no template ${name}. There are: ${TEMPLATE_NAMES.join(', ')}`);
  const known = names.filter(isTemplateName);
  const doubled = (['frontend', 'backend', 'server'] as const)
    .map((kind) => known.filter((name) => TEMPLATES[name].kind === kind))
    .filter((same) => same.length > 1)
    .map((same) => `${same.join(' and ')} are for the same place: choose one`);
  return [...doubled, ...known.flatMap((name) => misfit(name, facts))];
}

function misfit(name: TemplateName, { frontend, django }: ProjectFacts): readonly string[] {
  const { kind, framework } = TEMPLATES[name];
  if (kind === 'frontend' && frontend !== null && frontend.framework !== framework)
    return [`This is a project with ${frontend.framework}; the template ${name} does not fit into it`];
  if (name === 'express' && django !== null)
    return ['This is a Django project: the template for it is django'];
  return [];
}
