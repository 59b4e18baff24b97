/**
 * The corpus of what people say, as the ledger has it before and after: no question changes it, no order that is
 * followed is lost, and each row has the person's words.
 */

import { viewStage } from '../stage-view.ts';
import {
  asWished,
  explorationHears,
  namesOf,
  SPOKEN_TABLES,
  type Spoken,
  type SpokenTable,
  spokenIn,
} from '../testing/spoken.ts';
import { hear } from '../testing/spoken-ledger.ts';
import { readClauses } from './clauses.ts';
import { spokenOrders } from './spoken-orders.ts';

const ALL = ['from-the-contract.tsv', 'with-the-code.tsv', 'of-the-ledger.tsv'].flatMap(spokenIn);

const tableOf = ({ table }: Spoken): SpokenTable => {
  const found = SPOKEN_TABLES[table];
  if (found === undefined) throw new Error(`There is no table [${table}].`);
  return found;
};

/** A change of the data as a key and its value; null for what is none of the ledger. */
function asDecision(change: string): [string, unknown][] {
  const [what = '', value = ''] = asWished(change).split(':');
  const [column = '', kind] = value.split('=');
  if (what === 'out' || what === 'in') return [[`column.${value}.use`, what]];
  if (what === 'split_by' || what === 'split_time') return [['split.by', value]];
  if (what === 'kind') return [[`column.${column}.kind`, kind]];
  if (what === 'repeats') return [['rows.repeats', value]];
  if (what === 'metric' || what === 'target') return [[what, value]];
  return what === 'learner' ? [['model.choice', value]] : [];
}

function differences(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>) {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.filter((key) => before.get(key) !== after.get(key));
}

test('a question changes no row, whatever it names', () => {
  const questions = ALL.filter(({ outcome }) => outcome.every((each) => ['answer', 'offer'].includes(each)));
  const wrong = questions.filter((spoken) => {
    const before = hear(tableOf(spoken), spoken.before).values;
    return differences(before, hear(tableOf(spoken), [...spoken.before, spoken.sentence]).values).length > 0;
  });
  expect(wrong.map(({ sentence }) => sentence)).toEqual([]);
  expect(questions.length).toBeGreaterThan(100);
});

test('what is ordered is in the ledger, and nothing else; what is not followed is said', () => {
  const lost: string[] = [];
  const wrong = ALL.flatMap((spoken) => {
    const before = hear(tableOf(spoken), spoken.before).values;
    const { values, says } = hear(tableOf(spoken), [...spoken.before, spoken.sentence]);
    const expected = spoken.changes.flatMap(asDecision);
    const isMade = ([key, value]: [string, unknown]) =>
      values.get(key) === value || (value === 'in' && !values.has(key));
    const known = new Set(expected.map(([key]) => key).concat('split.strategy'));
    const isOnly = spoken.changes.some((change) => change.startsWith('only:'));
    const beyond = isOnly ? [] : differences(before, values).filter((key) => !known.has(key));
    if (!expected.every(isMade)) lost.push(spoken.sentence);
    const isSpoken = /nothing changes|do not understand|cannot answer|no change of yours|: noted/i.test(says);
    return beyond.length > 0 || !(expected.every(isMade) || isSpoken)
      ? [`${spoken.sentence}: ${beyond}`]
      : [];
  });
  expect(wrong).toEqual([]);
  expect(lost.length <= 0.03 * ALL.length ? [] : lost).toEqual([]);
});

const TITANIC = SPOKEN_TABLES.titanic as SpokenTable;
const heldAfter = (...words: string[]) =>
  [...hear(TITANIC, words).values]
    .filter(([key]) => key !== 'target')
    .map(([key, value]) => `${key}=${value}`);

test.each([
  [['leave out age', 'never mind about age, decide yourself'], []],
  [['use log loss', 'never mind the metric'], []],
  [['split by ticket', 'never mind the split'], []],
  [['keep the repeats', 'undo'], []],
  [['drop duplicate rows', 'keep the duplicates'], ['rows.repeats=keep']],
  [['treat pclass as a number', 'undo that'], []],
  [['leave out age', 'use log loss', 'undo', 'undo', 'undo'], []],
  [['split at random'], ['split.strategy=stratified', 'split.by=null']],
  [['do not split by ticket'], []],
  [['split by ticket and cabin'], []],
  [['drop duplicates of women'], []],
  [['treat cabin as a date'], []],
  [
    ['keep ticket together and treat parch as a category'],
    ['split.strategy=group', 'split.by=ticket', 'column.parch.kind=category'],
  ],
])('%j leaves %j in the ledger', (words, held) => expect(heldAfter(...words)).toEqual(held));

test('that there is nothing to take back is said once the ledger has answered', () => {
  expect(hear(TITANIC, ['leave out age', 'undo', 'undo']).says).toMatch(
    /There is no change of yours to take back/,
  );
});

test('every order is quoted in the person’s own words', () => {
  for (const spoken of ALL) {
    const view = viewStage(explorationHears(tableOf(spoken), [spoken.sentence]));
    const plain = (text: string) =>
      text
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)
        ?.join(' ') ?? '';
    for (const { spoken: quote } of spokenOrders(view))
      expect(` ${plain(spoken.sentence)} `).toContain(` ${plain(quote)} `);
    expect(readClauses(spoken.sentence, namesOf(tableOf(spoken))).length).toBeGreaterThan(0);
  }
});
