import { z } from 'zod';
import { nearest } from './nearest.ts';
import { userConfigSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One mistake: where it stands and what is wrong there. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** What people write for a key that has another name here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  backend: 'api',
  server: 'api',
  client: 'frontend',
};

/** Where a port of one's own server was meant, and where ours. */
function otherName(key: string, at: Path): string {
  if (key === 'port') return at.length === 0 || at[0] === 'listen' ? 'httpsPort' : 'upstream';
  return OTHER_NAMES[key] ?? key;
}

/** All mistakes of a raw configuration in the order of the schema; unknown keys with the nearest valid one. */
export function findProblems(raw: unknown): readonly Problem[] {
  const parsed = userConfigSchema.safeParse(raw);
  if (parsed.success) return [];
  const known = keysByPath();
  return parsed.error.issues.flatMap((issue) => fromIssue(issue, [], known));
}

/** The forms that a value may have, with what is wrong by each; a union inside the union is no form of its own. */
function branchesOf(issue: z.core.$ZodIssueInvalidUnion): readonly (readonly Issue[])[] {
  return issue.errors.flatMap((branch) => {
    const [only] = branch;
    return branch.length === 1 && only?.code === 'invalid_union' && only.path.length === 0
      ? branchesOf(only)
      : [branch];
  });
}

function unknownKeys(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

function fromIssue(issue: Issue, parent: Path, known: readonly KnownKey[]): readonly Problem[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key${suggestion(key, path, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    // A branch that only fails deeper down (or by an unknown key) is the one that was meant; of several the nearest.
    const meant = branchesOf(issue)
      .filter((branch) =>
        branch.every((inner) => inner.code === 'unrecognized_keys' || inner.path.length > 0),
      )
      .toSorted((a, b) => unknownKeys(a) - unknownKeys(b))[0];
    if (meant !== undefined) return meant.flatMap((inner) => fromIssue(inner, path, known));
    const inRange = issue.errors
      .flat()
      .find((inner) => inner.code === 'too_big' || inner.code === 'too_small');
    if (inRange !== undefined && !issue.message.startsWith('expected'))
      return fromIssue(inRange, path, known);
  }
  // The key of a record is wrong, and what is wrong with it is said one level down.
  const [inKey] = issue.code === 'invalid_key' ? issue.issues : [];
  return [{ path, message: sentence(inKey ?? issue) }];
}

/** Zod's "Invalid input: expected number, received string" without its first half. */
function sentence(issue: Issue): string {
  if (issue.code === 'too_big' && issue.origin !== 'string') return `must be at most ${issue.maximum}`;
  if (issue.code === 'too_small' && issue.origin !== 'string') return `must be at least ${issue.minimum}`;
  // A list as long as that of the codes is none to read; the schema's own words name the nearest.
  if (issue.code === 'invalid_value' && issue.values.length <= 10)
    return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  return issue.message.replace(/^Invalid input: /, '');
}

/** `auth.cookies.access`, `extraHosts[0].host`. */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

function suggestion(key: string, at: Path, known: readonly KnownKey[]): string {
  const wanted = otherName(key, at);
  const here = formatPath(at).replaceAll(/\[\d+\]/g, '[]');
  const siblings = known.filter((entry) => entry.parent === here);
  // In another form of the same value the key is known, so it stands in this list too.
  const elsewhere = known.find(
    (entry) => entry.key === wanted && !(entry.parent === here && entry.key === key),
  );
  if (elsewhere !== undefined)
    return `; did you mean "${elsewhere.parent === '' ? '' : `${elsewhere.parent}.`}${elsewhere.key}"?`;
  const meant = nearest(
    key,
    siblings.map((entry) => entry.key),
  );
  if (meant !== undefined) return `; did you mean "${meant}"?`;
  const names = siblings.map((entry) => entry.key).filter((name) => name !== '$schema');
  return names.length === 0 ? '' : `; valid here: ${names.join(', ')}`;
}

interface KnownKey {
  readonly parent: string;
  readonly key: string;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
}

/** Every key of the schema with the path of its parent, from the JSON Schema of the same object. */
function keysByPath(): readonly KnownKey[] {
  const walk = (node: SchemaNode, parent: string): { parent: string; key: string }[] => [
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
      { parent, key },
      ...walk(child, parent === '' ? key : `${parent}.${key}`),
    ]),
    ...(node.anyOf ?? []).flatMap((branch) => walk(branch, parent)),
    ...(node.items === undefined ? [] : walk(node.items, `${parent}[]`)),
  ];
  return walk(z.toJSONSchema(userConfigSchema) as SchemaNode, '');
}
