import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Body, BodyValue } from '../../../../src/auth/body/values.ts';
import { emailField, textField } from '../../../../src/auth/fields/field.ts';
import { type ValidationOptions, validate } from '../../../../src/auth/fields/serializer.ts';
import { ApiProblem } from '../../../../src/auth/problems.ts';

const FIELDS = [
  textField('name', { maxLength: 5 }),
  textField('note', { required: false }),
  textField('title', { required: false, allowBlank: true }),
  emailField('email', { required: false, allowBlank: true }),
];

const json = (value: BodyValue): Body => ({ form: false, value });
const object = (members: Readonly<Record<string, BodyValue>>): Body => json(new Map(Object.entries(members)));
const form = (members: Readonly<Record<string, string>>): Body => ({
  form: true,
  value: new Map(Object.entries(members)),
});

async function errors(body: Body, options?: ValidationOptions): Promise<unknown> {
  try {
    await validate(FIELDS, body, options);
    return undefined;
  } catch (error) {
    if (error instanceof ApiProblem) return error.body;
    throw error;
  }
}

describe('validate', () => {
  it('reports every field that is not fine, in the order of the fields', async () => {
    const problem = await errors(object({ email: 'x', note: null, name: 'abcdef' }));
    expect(problem).toEqual({
      name: ['Ensure this field has no more than 5 characters.'],
      note: ['This field may not be null.'],
      email: ['Enter a valid email address.'],
    });
    expect(Object.keys(problem as object)).toEqual(['name', 'note', 'email']);
  });

  it.each<[BodyValue, string]>([
    ['', 'This field may not be blank.'],
    [' \u00a0', 'This field may not be blank.'],
    [null, 'This field may not be null.'],
    [true, 'Not a valid string.'],
    [[], 'Not a valid string.'],
    [new Map(), 'Not a valid string.'],
    [{ kind: 'file', name: 'x.txt' }, 'Not a valid string.'],
    ['a\0b', 'Null characters are not allowed.'],
    ['\ud800', 'Surrogate characters are not allowed: U+D800.'],
  ])('refuses %j as a text', async (value, message) => {
    expect(await errors(object({ name: value }))).toEqual({ name: [message] });
  });

  it('asks for what is required, unless only a part is changed', async () => {
    expect(await errors(object({}))).toEqual({ name: ['This field is required.'] });
    expect(await errors(object({}), { partial: true })).toBeUndefined();
  });

  it('trims, and turns numbers into text as Python writes them', async () => {
    expect(await validate(FIELDS, object({ name: '  a ', note: { kind: 'float', text: '1.0' } }))).toEqual({
      name: 'a',
      note: '1.0',
    });
  });

  it('counts code points', async () => {
    expect(await errors(object({ name: '🦊'.repeat(5) }))).toBeUndefined();
    expect(await errors(object({ name: '🦊'.repeat(6) }))).toBeDefined();
  });

  it('takes an empty optional field of a form for one that was not sent', async () => {
    expect(await validate(FIELDS, form({ name: 'a', note: '', title: '' }))).toEqual({
      name: 'a',
      title: '',
    });
    expect(await errors(object({ name: 'a', note: '' }))).toEqual({ note: ['This field may not be blank.'] });
  });

  it.each<[BodyValue, string]>([
    [[], 'Invalid data. Expected a dictionary, but got list.'],
    ['x', 'Invalid data. Expected a dictionary, but got str.'],
    [true, 'Invalid data. Expected a dictionary, but got bool.'],
    [{ kind: 'int', text: '1' }, 'Invalid data. Expected a dictionary, but got int.'],
    [null, 'No data provided'],
  ])('refuses %j as a body', async (value, message) => {
    expect(await errors(json(value))).toEqual({ non_field_errors: [message] });
  });

  it('runs further checks only on fields that are fine by themselves', async () => {
    const seen: string[] = [];
    const checks = {
      name: (value: string) => {
        seen.push(value);
        return { messages: ['No.'] };
      },
    };
    expect(await errors(object({ name: '' }), { checks })).toEqual({
      name: ['This field may not be blank.'],
    });
    expect(await errors(object({ name: 'a' }), { checks })).toEqual({ name: ['No.'] });
    expect(seen).toEqual(['a']);
  });

  it('does not fall for names that objects have by themselves', async () => {
    const body = object(
      JSON.parse('{"__proto__": "x", "constructor": "y", "name": "a"}') as Record<string, string>,
    );
    expect(await validate(FIELDS, body)).toEqual({ name: 'a' });
  });

  it('answers values or messages for any text, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const problem = await errors(object({ name: text }));
        expect(problem === undefined || Object.keys(problem as object).join() === 'name').toBe(true);
      }),
    );
  });
});
