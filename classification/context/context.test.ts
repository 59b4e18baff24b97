/** Whole tables: what the others of a table, and what a column refers to, say of one that is open by itself. */

import { bundled, massesOf } from '../testing/bundled.ts';

const { classify, classifyTable, over } = bundled();
const HEALTH = [
  { name: 'diagnosis', values: ['asthma', 'migraine'] },
  { name: 'blood_type', values: ['A+', 'O-'] },
  { name: 'heart_rate', values: ['71', '80'] },
];
const OPEN = { name: 'zz_7', values: ['b', 'c'] };

test('a column that its own sources leave open is told what its table is about, as a hint', () => {
  const results = classifyTable([...HEALTH, OPEN].map((sample) => ({ ...sample, table: 'q1' })));
  const last = results.at(-1);
  expect(results.map(({ column }) => column.name)).toEqual(['diagnosis', 'blood_type', 'heart_rate', 'zz_7']);
  expect(last && massesOf(last, 'context')).toEqual({ HEALTH: 0.2, Θ: 0.8 });
  expect(last?.evidence.find(({ source }) => source === 'context')?.reasons).toEqual([
    'Of what else its table holds 100 % belongs to Health.',
  ]);
});

test('what is settled by itself stays as it is alone, and so does a column without neighbours', () => {
  const [first] = classifyTable(HEALTH);
  const siblings = ['blood_type', 'heart_rate'];
  expect(first?.decision).toEqual(classify({ ...HEALTH[0], siblings } as typeof OPEN).decision);
  expect(classifyTable([OPEN])[0]?.decision).toEqual(classify(OPEN).decision);
  expect(classifyTable([])).toEqual([]);
});

test('a reference says what a name that says nothing does not', () => {
  const references = { table: 'customers', column: 'id' };
  const [opaque] = classifyTable([{ ...OPEN, references }]);
  expect(opaque && massesOf(opaque, 'context')).toEqual({ CUSTOMER_ID: 0.375, Θ: 0.625 });
  const [named] = classifyTable([{ name: 'customer_id', values: ['7'], references }]);
  expect(named && massesOf(named, 'context')).toEqual({ Θ: 1 });
});

test('a reference says what its partner is, where that is settled by itself', () => {
  const values = ['ada@example.com', 'bob@example.org'];
  const references = { table: 'q1', column: 'mail', type: 'text', values };
  const [referring] = classifyTable([{ ...OPEN, references }]);
  const { belief } = classify({ name: 'mail', table: 'q1', type: 'text', values }).decision;
  const { EMAIL = 0, Θ = 0 } = referring ? massesOf(referring, 'context') : {};
  expect([EMAIL, Θ]).toEqual([expect.closeTo(0.75 * belief, 5), expect.closeTo(1 - 0.75 * belief, 5)]);
  expect(referring?.decision.predicted).toBe('EMAIL');
  // of one that is open there, too, nothing follows
  const open = { table: 'q2', column: 'zz_8', values: ['b', 'c'] };
  const [other] = classifyTable([{ ...OPEN, references: open }]);
  expect(other && massesOf(other, 'context')).toEqual({ Θ: 1 });
});

test('what looks like a latitude and stands behind one is a longitude', () => {
  const degrees = (first: number) =>
    Array.from({ length: 20 }, (_, at) => (first + at * 1.234567).toFixed(6));
  const results = classifyTable([
    { name: 'zz', values: degrees(40) },
    { name: 'zy', values: degrees(-30) },
  ]);
  expect(results.map(({ decision }) => decision.predicted)).toEqual(['LATITUDE', 'LONGITUDE']);
});

test('a vocabulary without groups has no subjects', () => {
  const own = over('code,label\na,Diagnosis\nb,Blood type\nc,Heart rate\n');
  expect(own.classifyTable([...HEALTH, OPEN]).map((each) => massesOf(each, 'context'))).toEqual([
    ...[{ Θ: 1 }, { Θ: 1 }, { Θ: 1 }, { Θ: 1 }],
  ]);
});
