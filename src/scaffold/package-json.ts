import { isDeepStrictEqual } from 'node:util';

/** What a scaffold needs of a package.json: sections and their members. */
export interface PackageParts {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const SECTIONS = ['scripts', 'dependencies', 'devDependencies'] as const;

export type ExtendedPackage =
  | { readonly kind: 'extended'; readonly text: string; readonly added: readonly string[] }
  /** It is not a JSON object, or one of its sections is not; `why` says which. */
  | { readonly kind: 'unusable'; readonly why: string };

/**
 * Adds the members that are missing to the text of a package.json. Those that are there keep their values, and every
 * byte outside the places where something is added stays as it is. A package that stands in `dependencies` is not
 * added to `devDependencies`, nor the other way round. Pure.
 */
export function extendPackageJson(text: string, parts: PackageParts): ExtendedPackage {
  const content = parseObject(text);
  if (content === null) return { kind: 'unusable', why: 'package.json is not a JSON object' };
  const odd = SECTIONS.find((name) => content[name] !== undefined && !isObject(content[name]));
  if (odd !== undefined) return { kind: 'unusable', why: `"${odd}" in package.json is not an object` };
  const style = styleOf(text);
  let result = text;
  const added: string[] = [];
  for (const section of SECTIONS) {
    const missing = Object.entries(parts[section] ?? {}).filter(([name]) => !has(content, section, name));
    if (missing.length === 0) continue;
    result = withMembers(result, section, missing, style);
    added.push(...missing.map(([name]) => `${section}.${name}`));
  }
  return { kind: 'extended', text: result, added };
}

function has(content: Readonly<Record<string, unknown>>, section: string, name: string): boolean {
  const places = section === 'scripts' ? ['scripts'] : ['dependencies', 'devDependencies'];
  return places.some((place) => isObject(content[place]) && Object.hasOwn(content[place], name));
}

/** Inserted as text where that gives the object that is wanted; else the document is written anew with its indent. */
function withMembers(
  text: string,
  section: string,
  members: readonly (readonly [string, string])[],
  style: Style,
): string {
  const before = parseObject(text) ?? {};
  const wanted = { ...before, [section]: { ...asObject(before[section]), ...Object.fromEntries(members) } };
  const inserted = insertText(text, section, members, style);
  if (inserted !== null && isDeepStrictEqual(parseObject(inserted), wanted)) return inserted;
  const { bom, newline, indent } = style;
  return `${bom}${JSON.stringify(wanted, null, indent).replaceAll('\n', newline)}${newline}`;
}

function insertText(
  text: string,
  section: string,
  members: readonly (readonly [string, string])[],
  { newline, indent }: Style,
): string | null {
  const root = findObject(text, text.search(/\{/));
  if (root === null) return null;
  const line = ([name, value]: readonly [string, string], depth: number): string =>
    `${newline}${indent.repeat(depth)}${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const start = root.members.get(section);
  if (start === undefined) {
    const body = members.map((member) => line(member, 2)).join(',');
    const member = `${newline}${indent}${JSON.stringify(section)}: {${body}${newline}${indent}}`;
    return insertAtEnd(text, root, member, newline);
  }
  const object = findObject(text, start);
  if (object === null) return null;
  return insertAtEnd(text, object, members.map((member) => line(member, 2)).join(','), newline + indent);
}

function insertAtEnd(text: string, object: FoundObject, members: string, close: string): string {
  const { lastValueEnd, end } = object;
  if (lastValueEnd !== null) return `${text.slice(0, lastValueEnd)},${members}${text.slice(lastValueEnd)}`;
  return `${text.slice(0, object.start + 1)}${members}${close}${text.slice(end)}`;
}

interface FoundObject {
  /** Of its opening brace. */
  readonly start: number;
  /** Of its closing brace. */
  readonly end: number;
  /** Behind its last member; null: it has none. */
  readonly lastValueEnd: number | null;
  /** Where the value of each member begins. */
  readonly members: ReadonlyMap<string, number>;
}

/** Strings and punctuation are all that matters for finding members in a text that is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function findObject(text: string, start: number): FoundObject | null {
  if (text[start] !== '{') return null;
  const members = new Map<string, number>();
  let depth = 0;
  let previousEnd: number | null = null;
  let name: string | null = null;
  let awaitsValue = false;
  for (const { 0: token, index } of text.slice(start).matchAll(TOKEN)) {
    const at = start + index;
    if (token === '}' && depth === 1) return { start, end: at, lastValueEnd: previousEnd, members };
    if (awaitsValue && name !== null) {
      members.set(name, at);
      awaitsValue = false;
    } else if (depth === 1 && token.startsWith('"')) name = JSON.parse(token) as string;
    else if (depth === 1 && token === ':') awaitsValue = true;
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (at !== start) previousEnd = at + token.length;
  }
  return null;
}

interface Style {
  readonly bom: string;
  readonly newline: string;
  readonly indent: string;
}

/** How the document is written: npm keeps the same three things when it writes a package.json. */
function styleOf(text: string): Style {
  return {
    bom: text.startsWith('\uFEFF') ? '\uFEFF' : '',
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    indent: /[{,]\r?\n([ \t]+)"/.exec(text)?.[1] ?? '  ',
  };
}

/** A document as `package.json` is: an object, with or without a byte order mark; null: something else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value, if it is an object; else an empty one. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
