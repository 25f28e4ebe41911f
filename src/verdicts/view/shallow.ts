/** Deeper than anything that people read, and far from what a stack holds. */
export const DEEPEST = 100;

/** A JSON value with a note instead of what is nested deeper than that: to write it, the engine would need its stack. */
export function shallow(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '(too deep)';
  if (Array.isArray(value)) return value.map((inner) => shallow(inner, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shallow(inner, depth + 1)]));
}

/** Whether a JSON value is nested deeper than that. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth >= DEEPEST || Object.values(value).some((inner) => isTooDeep(inner, depth + 1));
}
