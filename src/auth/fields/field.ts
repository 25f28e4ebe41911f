import { type BodyValue, isNumber, pythonLength, pythonStrip } from '../body/values.ts';
import { isEmailSyntax } from './email-syntax.ts';

/** One field of a request body, in the terms of REST framework's serializers. */
export interface Field {
  readonly name: string;
  readonly type: 'string' | 'email' | 'integer';
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly allowBlank: boolean;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  /** What OPTIONS says. */
  readonly label: string;
  readonly helpText: string | null;
  /** Further checks on the text: messages, none if it is fine. Run before the length is looked at. */
  readonly checks: readonly ((value: string) => readonly string[])[];
}

type FieldOptions = Partial<Omit<Field, 'name' | 'type'>>;

export function textField(name: string, options: FieldOptions = {}): Field {
  return makeField(name, 'string', options);
}

export function emailField(name: string, options: FieldOptions = {}): Field {
  return makeField(name, 'email', options);
}

export function integerField(name: string, options: FieldOptions = {}): Field {
  return makeField(name, 'integer', options);
}

function makeField(name: string, type: Field['type'], options: FieldOptions): Field {
  return {
    name,
    type,
    required: true,
    readOnly: false,
    allowBlank: false,
    minLength: null,
    maxLength: null,
    label: labelOf(name),
    helpText: null,
    checks: [],
    ...options,
  };
}

/** `new_password1` is labelled "New password1". */
function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type FieldResult = { readonly value: string } | { readonly messages: readonly string[] };

/** REST framework's CharField (and EmailField): empty values, type, white space, then all checks together. */
export function validateText(field: Field, data: BodyValue): FieldResult {
  if (data === null) return refuse('This field may not be null.');
  if (typeof data === 'string' && pythonStrip(data) === '') {
    return field.allowBlank ? { value: '' } : refuse('This field may not be blank.');
  }
  const text = asText(data);
  if (text === undefined) return refuse(field.type === 'email' ? EMAIL_MESSAGE : 'Not a valid string.');
  const messages = [
    ...field.checks.flatMap((check) => check(text)),
    ...lengthMessages(field, text),
    ...characterMessages(text),
    ...(field.type === 'email' && !isEmailSyntax(text) ? [EMAIL_MESSAGE] : []),
  ];
  return messages.length > 0 ? { messages } : { value: text };
}

const EMAIL_MESSAGE = 'Enter a valid email address.';

function refuse(message: string): FieldResult {
  return { messages: [message] };
}

/** Numbers become text as Python writes them; truth values, lists and mappings are no text. */
function asText(data: BodyValue): string | undefined {
  if (typeof data === 'string') return pythonStrip(data);
  return isNumber(data) ? data.text : undefined;
}

function lengthMessages({ minLength, maxLength }: Field, text: string): readonly string[] {
  const length = pythonLength(text);
  return [
    ...(maxLength !== null && length > maxLength
      ? [`Ensure this field has no more than ${maxLength} characters.`]
      : []),
    ...(minLength !== null && length < minLength
      ? [`Ensure this field has at least ${minLength} characters.`]
      : []),
  ];
}

function characterMessages(text: string): readonly string[] {
  // With the u flag only unpaired surrogates have that category.
  const surrogate = /\p{Cs}/u.exec(text)?.[0];
  return [
    ...(text.includes('\0') ? ['Null characters are not allowed.'] : []),
    ...(surrogate === undefined
      ? []
      : [`Surrogate characters are not allowed: U+${surrogate.charCodeAt(0).toString(16).toUpperCase()}.`]),
  ];
}
