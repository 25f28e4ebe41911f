import type { BodyMapping } from './values.ts';

/** DATA_UPLOAD_MAX_NUMBER_FIELDS of Django: more fields are an attack. */
export const MAX_FORM_FIELDS = 1000;

/** undefined: too many fields. Of several values of a name the last one counts, as in a QueryDict. */
export function parseForm(text: string): BodyMapping | undefined {
  const fields = new Map<string, string>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > MAX_FORM_FIELDS) return undefined;
    fields.set(name, value);
  }
  return fields;
}
