import { ApiProblem, notFound } from '../problems.ts';
import { type MediaType, mediaTypeMatches, parseMediaType } from './media-type.ts';

/** How the answer is written. */
export interface Rendering {
  readonly format: 'json' | 'html';
  /** Spaces of indentation (`Accept: application/json; indent=4`); 0: compact. */
  readonly indent: number;
}

export const PLAIN_JSON: Rendering = { format: 'json', indent: 0 };

/** In the order of preference, with their `?format=` names. */
const RENDERERS = [
  { format: 'json', query: 'json', mediaType: 'application/json' },
  { format: 'html', query: 'api', mediaType: 'text/html' },
] as const;

/** The media types of RENDERERS, as OPTIONS lists them. */
export const RENDERED_TYPES: readonly string[] = RENDERERS.map(({ mediaType }) => mediaType);

/**
 * Chooses the renderer as REST framework does: more specific types in Accept first, `q` is not looked at.
 * @throws ApiProblem 406 where nothing fits, 404 for an unknown `?format=`.
 */
export function negotiate(accept: string | undefined, formatQuery: string | undefined): Rendering {
  const offered =
    formatQuery === undefined || formatQuery === ''
      ? RENDERERS
      : RENDERERS.filter(({ query }) => query === formatQuery);
  if (offered.length === 0) throw notFound();
  const asked = (accept ?? '*/*').split(',').map((text) => parseMediaType(text));
  for (const precedence of [3, 2, 1, 0]) {
    const level = asked.filter((type) => precedenceOf(type) === precedence);
    for (const renderer of offered) {
      const match = level.find((type) => mediaTypeMatches(renderer.mediaType, type));
      if (match !== undefined) return { format: renderer.format, indent: indentOf(match) };
    }
  }
  throw new ApiProblem(406, { detail: 'Could not satisfy the request Accept header.' });
}

function precedenceOf({ main, sub, parameters }: MediaType): number {
  if (main === '*') return 0;
  if (sub === '*') return 1;
  return [...parameters.keys()].every((name) => name === 'q') ? 2 : 3;
}

function indentOf({ parameters }: MediaType): number {
  const text = parameters.get('indent');
  if (text === undefined || !/^\s*[+-]?\d+\s*$/.test(text)) return 0;
  return Math.max(0, Math.min(8, Number(text)));
}
