/**
 * What people say of cells, features and the threshold, as a corpus: each order is in the ledger as it was meant, what
 * is open is asked back, no question changes anything. Half of it was written before the readers were looked at.
 */

import { isDeepStrictEqual } from 'node:util';
import { SPOKEN_TABLES, type Spoken, type SpokenTable, spokenIn } from '../testing/spoken.ts';
import { hear } from '../testing/spoken-ledger.ts';

const FIRST = spokenIn('of-details-from-the-contract.tsv');
const ALL = [...FIRST, ...spokenIn('of-details-with-the-code.tsv')];
/** Share of the sentences that are to do what a careful colleague would. */
const DONE = 0.95;
const NOT_FOLLOWED =
  /nothing changes|do not understand|cannot answer|noted|I look that up|English only|columns, not rows/i;
const TABLE = SPOKEN_TABLES.rentals as SpokenTable;

/** A change of the data as the ledger has it: `missing:income=-99,?` is a list. */
function asDecision(change: string): [string, unknown] {
  const [what = '', rest = ''] = change.split(/:(.*)/s);
  const [column = '', value = ''] = rest.split(/=(.*)/s);
  if (what === 'threshold') return ['threshold', Number(rest)];
  if (what === 'lines') return ['rows.left_out', rest === '' ? [] : rest.split(',')];
  if (what === 'problem' || what === 'metric' || what === 'target') return [what, rest];
  if (what === 'learner') return ['model.choice', rest];
  if (what === 'out') return [`column.${rest}.use`, 'out'];
  if (what === 'missing') return [`column.${column}.missing`, value === '' ? [] : value.split(',').sort()];
  return [`column.${column}.${what}`, value];
}

const valuesAfter = (words: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(hear(TABLE, words).values);

const expectedOf = ({ changes }: Spoken): Record<string, unknown> =>
  Object.fromEntries(changes.map(asDecision));

const isSame = (one: unknown, other: unknown): boolean => isDeepStrictEqual(one, other);

/** What the ledger holds that it did not before, or holds otherwise. */
function changedBy({ before, sentence }: Spoken): Record<string, unknown> {
  const was = valuesAfter(before);
  const is = valuesAfter([...before, sentence]);
  return Object.fromEntries(Object.entries(is).filter(([key, value]) => !isSame(value, was[key])));
}

const isAsExpected = (spoken: Spoken): boolean => isSame(changedBy(spoken), expectedOf(spoken));

test('half of the sentences were written from the contract alone', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(150);
  expect(FIRST.length).toBeGreaterThanOrEqual(ALL.length / 2);
});

test('95 % of the orders are in the ledger as they were meant, and the others are said not to be', () => {
  const wrong = ALL.filter((spoken) => !isAsExpected(spoken));
  const untold = wrong.filter(
    (spoken) =>
      Object.keys(changedBy(spoken)).length > 0 ||
      !NOT_FOLLOWED.test(hear(TABLE, [...spoken.before, spoken.sentence]).says),
  );
  expect(untold.map(({ sentence }) => sentence)).toEqual([]);
  expect(wrong.length <= (1 - DONE) * ALL.length ? [] : wrong.map(({ sentence }) => sentence)).toEqual([]);
});

test('what is open is asked back, and nothing changes', () => {
  const open = ALL.filter(({ outcome }) => outcome.includes('ask') || outcome.includes('unknown'));
  const wrong = open.filter((spoken) => {
    const { says } = hear(TABLE, [...spoken.before, spoken.sentence]);
    return Object.keys(changedBy(spoken)).length > 0 || !NOT_FOLLOWED.test(says);
  });
  expect(wrong.map(({ sentence }) => sentence)).toEqual([]);
});

test('a question changes nothing, whatever it names', () => {
  const questions = ALL.filter(({ outcome }) => outcome.every((each) => ['answer', 'offer'].includes(each)));
  expect(questions.length).toBeGreaterThan(25);
  const wrong = questions.filter((spoken) => Object.keys(changedBy(spoken)).length > 0);
  expect(wrong.map(({ sentence }) => sentence)).toEqual([]);
});

test('an order is echoed by what it decides, and “undo” takes it back', () => {
  const orders = ALL.filter(
    (spoken) => spoken.outcome.join() === 'change' && spoken.kind !== 'mixed' && isAsExpected(spoken),
  );
  const wrong = orders.flatMap(({ before, sentence, reply }) => {
    const { says } = hear(TABLE, [...before, sentence]);
    const isEchoed = reply.every((word) => says.includes(word)) && says.includes('Say “undo”');
    const isBack = isSame(valuesAfter([...before, sentence, 'undo']), valuesAfter(before));
    return isEchoed && isBack ? [] : [`${sentence}: ${isBack ? says : 'not taken back'}`];
  });
  expect(wrong).toEqual([]);
});
