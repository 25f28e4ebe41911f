import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPlace, VIEWS, writePlace } from '../../../../src/pages/inspector/model/place.ts';

test('a place is found again by its address', () => {
  fc.assert(
    fc.property(fc.constantFrom(...VIEWS), fc.option(fc.string({ minLength: 1 })), (view, id) => {
      const place = { view, exchange: view === 'exchanges' ? id : null };
      expect(readPlace(new URL(writePlace(place), 'http://localhost').search)).toEqual(place);
    }),
  );
});

test('what is unknown leads to the start', () => {
  expect(readPlace('?view=nowhere&exchange=x1')).toEqual({ view: 'exchanges', exchange: 'x1' });
  expect(readPlace('?view=users&exchange=x1')).toEqual({ view: 'users', exchange: null });
  expect(writePlace({ view: 'exchanges', exchange: null })).toBe('/');
});
