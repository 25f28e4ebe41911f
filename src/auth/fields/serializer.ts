import { type Body, type BodyMapping, type BodyValue, isMapping, pythonTypeName } from '../body/values.ts';
import { invalid, invalidAsAWhole } from '../problems.ts';
import { type Field, type FieldResult, validateText } from './field.ts';

/** Values by field name; an optional field that was not sent is missing. */
export type Values = Readonly<Record<string, string | undefined>>;

/** A further check of one field that needs more than its text; runs only if the field itself is fine. */
export type FieldCheck = (value: string) => Promise<FieldResult> | FieldResult;

export interface ValidationOptions {
  /** PATCH: what is not sent is not looked at. */
  readonly partial?: boolean;
  readonly checks?: Readonly<Record<string, FieldCheck>>;
}

/**
 * Validates a body field by field, all of them, in their order.
 * @throws ApiProblem 400 with the messages of every field that is not fine.
 */
export async function validate(
  fields: readonly Field[],
  body: Body,
  options: ValidationOptions = {},
): Promise<Values> {
  const input = asMapping(body.value);
  const values: Record<string, string> = {};
  const errors: Record<string, readonly string[]> = {};
  for (const field of fields) {
    if (field.readOnly) continue;
    const data = sentValue(field, input, body.form);
    if (data === undefined) {
      if (field.required && options.partial !== true) errors[field.name] = ['This field is required.'];
      continue;
    }
    let result = validateText(field, data);
    const check = options.checks?.[field.name];
    if ('value' in result && check !== undefined) result = await check(result.value);
    if ('value' in result) values[field.name] = result.value;
    else errors[field.name] = result.messages;
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return values;
}

function asMapping(value: BodyValue): BodyMapping {
  if (isMapping(value)) return value;
  if (value === null) throw invalidAsAWhole('No data provided');
  throw invalidAsAWhole(`Invalid data. Expected a dictionary, but got ${pythonTypeName(value)}.`);
}

/** undefined: not sent. A form sends an empty field for one that was left empty: optional ones count as not sent. */
function sentValue(field: Field, input: BodyMapping, form: boolean): BodyValue | undefined {
  const data = input.get(field.name);
  if (form && data === '' && !field.required && !field.allowBlank) return undefined;
  return data;
}
