import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser } from '../../../../src/pages/inspector/model/event-stream.ts';

test('comments and other fields are passed over; lines of one event are joined', () => {
  const parse = createEventParser();
  expect(parse(': open\n\nevent: x\nid: 1\ndata: {"a":\ndata:1}\n\n')).toEqual(['{"a":\n1}']);
  expect(parse('data: half')).toEqual([]);
  expect(parse('\n\n')).toEqual(['half']);
});

test('it does not matter where the stream is cut, nor how its lines end', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', ' ', ':', '{', 'é') }), { maxLength: 6 });
  fc.assert(
    fc.property(texts, fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(80)), (data, end, cuts) => {
      const stream = `${data.map((text) => `data: ${text}${end}${end}`).join('')}:${end}`;
      const parse = createEventParser();
      const events: string[] = [];
      let from = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), stream.length]) {
        events.push(...parse(stream.slice(from, Math.max(from, cut))));
        from = Math.max(from, cut);
      }
      expect(events).toEqual(data);
    }),
  );
});
