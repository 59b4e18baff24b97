/** Shapes of values: which one a column has, what it speaks for; hostile values cost no more than their length. */

import fc from 'fast-check';
import { bundled, massesOf } from '../testing/bundled.ts';
import { shapeOf } from './shape-evidence.ts';

const { knowledge, classify, over } = bundled();
const { shapes } = knowledge;
const many = (count: number, make: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => make(at));

test.each<[string, string[]]>([
  ['birth_dates', ['1949-10-15', '2000-04-20', '1971-02-25', '1985-05-01']],
  ['dates', ['03.07.2021', '25.10.2022', '05.03.2022']],
  ['moments', ['2023-06-30T22:11:53Z', '2022-01-19 18:00:27', '2019-12-28T04:40:36+02:00']],
  ['international_phone', ['+1 455-841-0910', '+49 153 2246883', '+44 20 1303 0618']],
  ['street_address', ['374 Church Lane', '12 High Street', 'Hauptstraße 7']],
  ['full_address', ['9 Washington Avenue, Sydney, 00083', '24 Station Road, Graz, 03950']],
  ['person_name', ['Anna Anderson', 'Keisha Martin', 'Dr. Robert Miller']],
  ['prefixed_code', ['C-51243', 'C-30586', 'C-56281']],
  ['blood_pressure', ['105/92', '161/72', '120/82']],
  ['sentence', ['Please ring before you deliver.', 'Wants the invoice by post and not by mail.']],
  ['answer_code', ['404', '301', '200']],
  ['zero_or_one', ['0', '1']],
  ['year', ['1999', '2003', '2011']],
  ['running_number', many(30, (at) => String(at + 1))],
  ['share', ['0.1', '0.55', '0.93']],
  ['cents', ['364.21', '19.90', '222.83']],
])('%s', (name, values) => {
  expect(shapeOf(shapes, [...values, 'N/A'])?.shape.name).toBe(name);
});

test('each shape has its shares and each share its shape; what speaks for terms leaves doubt', () => {
  const names = shapes.shapes.map(({ name }) => name);
  expect([...shapes.shares.keys()].filter((name) => !names.includes(name))).toEqual([]);
  for (const [, shares] of shapes.shares) {
    expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeLessThanOrEqual(0.8 + 1e-9);
    for (const [meaning] of shares) expect(Object.keys(knowledge.meanings)).toContain(meaning);
  }
});

test('it speaks for the terms of any vocabulary, half for all that look so; not beside a known form', () => {
  const own = over('code,label\nA,Birthday\nB,Comment\nC,Price\n');
  const dates = own.classify({ name: 'x', values: ['1949-10-15', '2000-04-20', '1971-02-25'] });
  expect(massesOf(dates, 'shape')).toEqual({ A: 0.6, Θ: 0.4 });
  expect(dates.evidence.find(({ source }) => source === 'shape')?.reasons.join(' ')).toContain(
    'so look Birthday',
  );
  const mail = classify({ name: 'x', values: ['ada@example.com', 'bob@example.org'] });
  expect(massesOf(mail, 'shape')).toEqual({ Θ: 1 });
});

test('whatever the values are, there is one shape or none, in time that their length decides', () => {
  const values = fc.array(
    fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom('a-'.repeat(1_000), '1/'.repeat(1_000))),
    {
      maxLength: 50,
    },
  );
  fc.assert(
    fc.property(values, (texts) => {
      const found = shapeOf(shapes, texts);
      if (found !== null) expect(found.matched).toBeLessThanOrEqual(found.of);
    }),
    { numRuns: 200 },
  );
});
