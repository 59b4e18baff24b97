/** Decisions of a session held against another table: what is kept, what is asked with which choices, what is told. */

import type { Experiment } from '../records.ts';
import type { StartedDecision } from '../started-decisions.ts';
import { asDecision } from '../started-decisions.ts';
import { type Fit, fitDecisions } from './fit.ts';
import { tableOf } from './table-columns.ts';

interface Column {
  name: string;
  type?: string;
  kind?: string;
  distinct?: number;
  top_values?: { value: string }[];
}
const values = (...list: string[]) => ({
  distinct: list.length,
  top_values: list.map((value) => ({ value })),
});
const category = (name: string, ...list: string[]): Column => ({
  name,
  type: 'category',
  ...values(...list),
});
const number = (name: string): Column => ({ name, type: 'number', distinct: 90 });
const SPECIES = category('species', 'Adelie', 'Chinstrap', 'Gentoo');
const ISLAND = category('island', 'Biscoe', 'Dream', 'Torgersen');
const FORMER = [SPECIES, ISLAND, number('mass'), number('age'), category('note', 'a', 'b')];
const DECIDED = { target: 'species', 'split.by': 'island', 'split.strategy': 'group', problem: 'multiclass' };

interface Case {
  now: readonly Column[];
  decided?: Record<string, unknown>;
  answers?: Record<string, string>;
  files?: [former: string[], now: string[]];
  candidates?: string[];
  former?: readonly Column[];
}

function held({ now, decided = DECIDED, answers = {}, files, candidates = [], former = FORMER }: Case): Fit {
  const table = (columns: readonly Column[], names: string[] = ['t.csv']) =>
    tableOf({
      profile: { columns, target_candidates: candidates.map((name) => ({ name })) },
      files: names.map((name) => ({ name })),
    });
  const ledger = Object.entries(decided).map(([key, value]) =>
    asDecision({ key, value, by: 'agent', inherited_from: 'before', reason: 'because' }),
  );
  const tables = { former: table(former, files?.[0]), now: table(now, files?.[1]) };
  const dataset = {
    profile: { columns: now },
    files: (files?.[1] ?? ['t.csv']).map((name) => ({ name })),
  };
  const experiment = { dataset } as unknown as Experiment;
  return fitDecisions({ session: 'origin', ledger, answers, experiment, ...tables });
}

const inherited = ({ inherited: started }: Fit) =>
  Object.fromEntries(started.map(({ key, value }) => [key, value]));
const asked = ({ questions }: Fit) =>
  questions.map(({ id, choices, safe }) => [id, choices.map(({ answer }) => answer), safe?.answer ?? null]);
const unsure = (started: StartedDecision[]) =>
  started.filter(({ to_confirm }) => to_confirm).map(({ key }) => key);
const instead = (name: string, column: Column) => FORMER.map((each) => (each.name === name ? column : each));
const without = (name: string) => FORMER.filter((each) => each.name !== name);

test('of a table of the same form everything is kept, by whom and from where, and nothing is asked', () => {
  const same = held({ now: FORMER.toReversed() });
  expect(inherited(same)).toEqual(DECIDED);
  expect(same).toMatchObject({ unfit: [], questions: [], missing_columns: [], new_columns: [] });
  const [first] = same.inherited;
  expect(first).toMatchObject({
    by: 'agent',
    inherited_from: 'origin',
    reason: 'because',
    to_confirm: false,
  });
});

test('a name that is written otherwise is the same column; a new one is told', () => {
  const now = [...instead('island', { ...ISLAND, name: ' Island' }), number('depth')];
  const found = held({ now, decided: { 'split.by': 'island', 'column.island.use': 'in' } });
  expect(inherited(found)).toEqual({ 'split.by': ' Island', 'column.island.use': 'in' });
  expect(found).toMatchObject({ questions: [], missing_columns: [], new_columns: ['depth'] });
});

test('a column that only was left out and is gone is told, not asked about', () => {
  const found = held({ now: without('note'), decided: { 'column.note.use': 'out', metric: 'accuracy' } });
  expect(inherited(found)).toEqual({ metric: 'accuracy' });
  expect(found).toMatchObject({ questions: [], unfit: [], missing_columns: ['note'] });
});

describe('a column under another name', () => {
  const now = instead('age', number('age_years'));
  const decided = { target: 'species', 'column.age.use': 'out', 'column.age.kind': 'number' };

  test('is asked about; until then what was left out stays out, to be confirmed', () => {
    const found = held({ now, decided });
    expect(asked(found)).toEqual([['column.age', ['age_years', 'gone'], 'age_years']]);
    expect(found.questions[0]).toMatchObject({
      text: 'The new table has no column age, which is decided about',
      choices: [
        { consequence: 'age is called age_years now; age_years is left out; age_years is read as number' },
        { consequence: expect.stringContaining('age is gone') },
      ],
      answer: null,
    });
    expect(inherited(found)).toEqual({
      ...{ target: 'species', 'column.age_years.use': 'out', 'column.age_years.kind': 'number' },
    });
    expect(unsure(found.inherited)).toEqual(['column.age_years.use', 'column.age_years.kind']);
  });

  test('is what was answered, and needs no confirming', () => {
    const yes = held({ now, decided, answers: { 'column.age': 'age_years' } });
    expect([inherited(yes)['column.age_years.use'], unsure(yes.inherited)]).toEqual(['out', []]);
    const no = held({ now, decided, answers: { 'column.age': 'gone' } });
    expect(inherited(no)).toEqual({ target: 'species' });
  });

  test('is found by its values, too', () => {
    const found = held({ now: instead('island', category('site', 'Dream', 'Biscoe', 'Torgersen')) });
    expect(asked(found)).toEqual([['column.island', ['site', 'gone'], 'site']]);
    expect(inherited(found)['split.by']).toBe('site');
  });

  test('an answer that nobody offered is refused with what is possible', () => {
    expect(() => held({ now, decided, answers: { 'column.age': 'mass' } })).toThrow(
      "The answer to column.age cannot be 'mass'. Possible: age_years, gone.",
    );
    expect(() => held({ now, decided, answers: { 'column.mass': 'x' } })).toThrow('Asked are column.age.');
    expect(() => held({ now: FORMER, answers: { x: 'y' } })).toThrow('Nothing is asked.');
  });
});

test('a split column that is gone: how rows are dealt is decided anew, which is to be confirmed', () => {
  const found = held({ now: without('island') });
  expect(asked(found)).toEqual([['column.island', ['gone'], 'gone']]);
  expect(inherited(found)).toEqual({ target: 'species', problem: 'multiclass' });
  expect(found.unfit.map(({ key, value, by }) => [key, value, by])).toEqual([
    ['split.by', 'island', 'agent'],
    ['split.strategy', 'group', 'agent'],
  ]);
  expect(unsure(found.unfit)).toEqual(['split.by', 'split.strategy']);
  expect(unsure(held({ now: without('island'), answers: { 'column.island': 'gone' } }).unfit)).toEqual([]);
});

test('a split column that is constant now is asked about', () => {
  const now = instead('island', { name: 'island', type: 'constant', distinct: 1 });
  expect(asked(held({ now }))).toEqual([['split.by', ['anew', 'one_by_one'], 'anew']]);
  expect(inherited(held({ now }))).toEqual({ target: 'species', problem: 'multiclass' });
  expect(inherited(held({ now, answers: { 'split.by': 'one_by_one' } }))).toMatchObject({
    ...{ 'split.by': null, 'split.strategy': 'stratified' },
  });
});

test('a target that is gone: nothing is safe but one that has its values', () => {
  const renamed = held({
    now: instead('species', { ...SPECIES, name: 'art' }),
    candidates: ['art', 'island'],
  });
  expect(asked(renamed)).toEqual([['target', ['art', 'island'], 'art']]);
  const gone = held({ now: without('species'), candidates: ['mass', 'island'] });
  expect(asked(gone)).toEqual([['target', ['mass', 'island'], null]]);
  const answered = held({ now: without('species'), candidates: ['mass'], answers: { target: 'mass' } });
  expect(inherited(answered)).toEqual({ target: 'mass', 'split.by': 'island', 'split.strategy': 'group' });
  expect(answered.unfit.map(({ key }) => key)).toEqual(['problem']);
});

test('a column that was left out may become the target: it is left out no more', () => {
  const decided = { target: 'species', 'column.mass.use': 'out', metric: 'accuracy' };
  const now = without('species');
  const found = held({ now, decided, candidates: ['mass'], answers: { target: 'mass' } });
  expect(inherited(found)).toEqual({ target: 'mass' });
});

test('a target that is the same in every row is asked about, and nothing is safe', () => {
  const now = instead('species', { name: 'species', type: 'constant', distinct: 1 });
  expect(asked(held({ now, candidates: ['species', 'island'] }))).toEqual([['target', ['island'], null]]);
});

test('a class that is gone is named; with two left the kind of prediction is decided anew', () => {
  const now = instead('species', category('species', 'Adelie', 'Gentoo'));
  const found = held({ now });
  expect(asked(found)).toEqual([['target.classes', ['go_on'], 'go_on']]);
  expect(found.questions[0]).toMatchObject({
    text: 'The target species has no Chinstrap any more',
    choices: [
      {
        consequence:
          'the model learns the 2 classes that are there; Chinstrap is never predicted; the kind of ' +
          'prediction is decided anew',
      },
    ],
  });
  expect(inherited(found)).not.toHaveProperty('problem');
  expect(unsure(found.unfit)).toEqual(['problem']);
});

test('of many classes it is told how many there were', () => {
  const many = (distinct: number) => ({ ...SPECIES, distinct });
  const found = held({ former: instead('species', many(9)), now: instead('species', many(7)) });
  expect(found.questions.map(({ text }) => text)).toEqual(['The target species has 7 classes, and had 9']);
});

test('a kind of prediction that the values do not allow is decided anew', () => {
  const decided = { target: 'species', problem: 'binary', metric: 'roc_auc' };
  const found = held({
    former: instead('species', category('species', 'Adelie', 'Gentoo')),
    now: FORMER,
    decided,
  });
  expect(asked(found)).toEqual([['problem', ['anew'], 'anew']]);
  expect(inherited(found)).toEqual({ target: 'species' });
});

test('a number that holds words now is read as it is, unless it is to stay one', () => {
  const decided = { 'column.mass.kind': 'number', 'column.age.kind': 'number' };
  const now = instead('mass', category('mass', 'heavy', 'light', 'medium'));
  const found = held({ now, decided });
  expect(asked(found)).toEqual([['column.mass.kind', ['as_it_is', 'keep'], 'as_it_is']]);
  expect(inherited(found)).toEqual({ 'column.age.kind': 'number' });
  expect(inherited(held({ now, decided, answers: { 'column.mass.kind': 'keep' } }))).toEqual(decided);
  expect(asked(held({ now: instead('mass', category('mass', '5 kg', '6 kg')), decided }))).toEqual([]);
});

test('whatever else the table does not allow is asked about, too, with why', () => {
  const decided = {
    target: 'species',
    'column.mass.features': 'words',
    threshold: 0.3,
    problem: 'multiclass',
  };
  const now = instead('mass', { ...number('mass'), kind: 'number' });
  const found = held({ now, decided });
  expect(asked(found)).toEqual([
    ['column.mass.features', ['anew'], 'anew'],
    ['threshold', ['anew'], 'anew'],
  ]);
  expect(found.questions[1]?.text).toContain('threshold cannot be 0.3');
  expect(inherited(found)).toEqual({ target: 'species', problem: 'multiclass' });
  expect(unsure(found.unfit)).toEqual(['column.mass.features', 'threshold']);
});

test('of thousands of columns under other names some are looked for, and all are listed', () => {
  const columns = (prefix: string) =>
    Array.from({ length: 3_000 }, (_, at) => category(`${prefix}_${at}`, 'a', 'b'));
  const out = Object.fromEntries(columns('before').map((_, at) => [`column.before_${at}.use`, 'out']));
  const tables = { former: [...columns('before'), SPECIES], now: [...columns('after'), SPECIES] };
  const found = held({ ...tables, decided: { ...out, target: 'species' } });
  expect(found.questions.length).toBeLessThanOrEqual(12);
  expect([found.missing_columns.length, found.new_columns.length]).toEqual([3_000, 3_000]);
  expect(inherited(found).target).toBe('species');
});

test('a test file that has not come is asked about', () => {
  const decided = { 'split.test_file': 'june.csv', 'split.strategy': 'file', 'split.by': 'june.csv' };
  const files = (now: string[]): [string[], string[]] => [['may.csv', 'june.csv'], now];
  const without = held({ now: FORMER, decided, files: files(['t.csv']) });
  expect([asked(without), inherited(without)]).toEqual([[['split.test_file', ['cut'], 'cut']], {}]);
  const other = held({ now: FORMER, decided, files: files(['t.csv', 'july.csv']) });
  expect(asked(other)).toEqual([['split.test_file', ['july.csv', 'cut'], 'july.csv']]);
  expect(inherited(other)).toEqual({ ...decided, 'split.test_file': 'july.csv', 'split.by': 'july.csv' });
});

test('a script’s own value that names a column follows it, and one of its words is no column', () => {
  const decided = { 'features.ratio': ['mass', 'age'], 'model.choice': 'age' };
  const found = held({ now: instead('age', number('age_years')), decided });
  expect(inherited(found)).toEqual({ ...decided, 'features.ratio': ['mass', 'age_years'] });
});
