/** Header fields in their order, names in any letter case; a name may come several times. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** The values of a header, in order; `name` in lower case. */
export function valuesOf(headers: HeaderPairs, name: string): readonly string[] {
  const values: string[] = [];
  for (const [key, value] of headers) {
    if (key.length === name.length && key.toLowerCase() === name) values.push(value);
  }
  return values;
}
