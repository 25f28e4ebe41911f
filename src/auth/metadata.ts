import type { AuthConfig } from '../config/types.ts';
import { PARSED_TYPES } from './body/read-body.ts';
import type { Field } from './fields/field.ts';
import { RENDERED_TYPES } from './http/negotiation.ts';
import type { Json } from './problems.ts';
import type { View } from './view.ts';

/** What REST framework answers to OPTIONS (its SimpleMetadata). */
export function describeView(view: View, config: AuthConfig): Json {
  return {
    name: view.name,
    description: view.description,
    renders: RENDERED_TYPES,
    parses: PARSED_TYPES,
    ...(view.form === null
      ? {}
      : { actions: { [view.form.method]: describeFields(view.form.fields(config)) } }),
  };
}

function describeFields(fields: readonly Field[]): Json {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      {
        type: field.type,
        required: field.required && !field.readOnly,
        read_only: field.readOnly,
        label: field.label,
        ...(field.helpText === null ? {} : { help_text: field.helpText }),
        ...(field.minLength === null ? {} : { min_length: field.minLength }),
        ...(field.maxLength === null ? {} : { max_length: field.maxLength }),
      },
    ]),
  );
}
