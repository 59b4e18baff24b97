import { nameOf, refusal, sortFiles } from './accepted.ts';
import {
  DEFAULT_LIMITS,
  type DraftFields,
  experimentFields,
  fieldErrors,
  obstacleOf,
  sessionBody,
  targetHint,
} from './draft-fields.ts';
import { modelChoices } from './model-choices.ts';
import { cellsOf } from './preview-cells.ts';

const file = (name: string, size = 10) => new File(['x'.repeat(size)], name);
const fields = (change: Partial<DraftFields> = {}): DraftFields => ({
  ...{ name: 'Penguins', target: 'species', problemType: '', instructions: '', excluded: [] },
  ...{ sharing: 'values', model: '', limits: { ...DEFAULT_LIMITS } },
  ...change,
});
const columns = [
  { name: 'species', type: 'category' },
  { name: 'mass', type: 'number' },
];

test('of two files the one that is called test is the test file, else the smaller', () => {
  const named = sortFiles([file('my_test.csv', 90), file('train.csv', 10)]);
  expect([named.table?.name, named.test?.name]).toEqual(['train.csv', 'my_test.csv']);
  const sized = sortFiles([file('a.csv', 10), file('b.csv', 90)]);
  expect([sized.table?.name, sized.test?.name]).toEqual(['b.csv', 'a.csv']);
});

test('what cannot be a table is refused with a sentence', () => {
  expect(refusal(file('photo.png'))).toContain('photo.png is no table');
  expect(refusal(file('a.csv', 0))).toBe('a.csv is empty.');
  expect(refusal(file('A.CSV.GZ'))).toBeNull();
  const third = sortFiles([file('a.csv'), file('b.csv'), file('c.csv')]);
  expect(third.refused).toEqual([
    'c.csv was left out: an experiment takes one table and at most one test file.',
  ]);
});

test('a name is made from the file', () => {
  expect(['penguin_sizes.csv.gz', 'House-prices.parquet', '.csv'].map(nameOf)).toEqual([
    'Penguin sizes',
    'House prices',
    '.csv',
  ]);
});

test('only what was filled in is sent', () => {
  expect(experimentFields(fields())).toEqual({ name: 'Penguins', data_sharing: 'values', target: 'species' });
  expect(experimentFields(fields({ target: '', excluded: ['id'], instructions: ' be brief ' }))).toEqual({
    name: 'Penguins',
    data_sharing: 'values',
    excluded_columns: ['id'],
    instructions: 'be brief',
  });
  expect(sessionBody(fields({ model: 'autopilot/standard' }))).toEqual({
    mode: 'auto',
    limits: DEFAULT_LIMITS,
    model: 'autopilot/standard',
  });
});

test('mistakes are named by field', () => {
  expect(fieldErrors(fields(), columns)).toEqual({});
  const bad = fields({
    name: ' ',
    excluded: ['species'],
    limits: { turns: 0, tokens: 1.5, cost: -1, time: 0 },
  });
  expect(Object.keys(fieldErrors(bad, columns)).sort()).toEqual([
    'cost',
    'name',
    'target',
    'time',
    'tokens',
    'turns',
  ]);
  expect(fieldErrors(fields({ target: 'gone' }), columns).target).toContain('no column gone');
});

test('a preview row is read as an object or as a list', () => {
  expect(cellsOf({ mass: 3750, species: 'Adelie' }, columns)).toEqual(['Adelie', '3750']);
  expect(cellsOf(['Adelie', null], columns)).toEqual(['Adelie', '']);
  expect(cellsOf(null, columns)).toEqual(['', '']);
});

test('a missing number shows as missing however the file writes it, and a text stays what it is', () => {
  expect(cellsOf(['NA', 'NA'], columns)).toEqual(['NA', '']);
  expect(cellsOf(['n/a', 'nan'], columns)).toEqual(['n/a', '']);
  expect(cellsOf(['x', '-5'], columns)).toEqual(['x', '-5']);
});

test('the foot of the sheet says why it cannot start', () => {
  expect(obstacleOf(fieldErrors(fields(), columns))).toBe('');
  expect(obstacleOf(fieldErrors(fields({ name: '' }), columns))).toBe('To start, mend Name: give it a name.');
  const costly = fields({ name: 'x'.repeat(230), limits: { ...DEFAULT_LIMITS, cost: -5 } });
  expect(obstacleOf(fieldErrors(costly, columns))).toBe(
    'To start, mend Name: it has 230 characters; at most 200. And 1 more.',
  );
});

test('a suggestion without missing cells says so in words', () => {
  const suggested = { name: 'size', reason: 'it is the last column, and it holds numbers with 0 missing' };
  expect(targetHint({ suggested_target: suggested }, 'size')).toMatch(/numbers, none missing$/);
});

test('under the target stands why it was suggested and what else is likely, whichever is chosen', () => {
  const [price, kind, size] = [
    { name: 'price', reason: 'columns called `price` are usually what is predicted' },
    { name: 'kind', reason: 'it has 3 labels' },
    { name: 'size', reason: 'it can be predicted from the others' },
  ];
  const profile = { suggested_target: price, target_candidates: [price, kind, size] };
  expect(targetHint(profile, 'price')).toBe(
    `Suggested: ${price.reason}. Also likely: kind (${kind.reason}), size (${size.reason})`,
  );
  expect(targetHint(profile, 'kind')).toBe(
    `Suggested was price: ${price.reason}. Also likely: size (${size.reason})`,
  );
  expect(targetHint(profile, '')).toBe('The agent will choose one and say why.');
  expect(targetHint({ suggested_target: price }, 'price')).toBe(`Suggested: ${price.reason}`);
  expect(targetHint({ suggested_target: null, target_candidates: [] }, 'kind')).toBeUndefined();
});

test('the usual model stands first and the offline one is always there', () => {
  expect(modelChoices(undefined).map(({ value }) => value)).toEqual(['', 'autopilot/standard']);
  const part = { status: 'ok' as const, latency_ms: 1 };
  const status = {
    ...{ overall_status: 'connected' as const, version: '1', models: { default: 'anthropic/claude' } },
    ...{ postgres: part, temporal: part, s3: part, workers: part, sandbox: part },
    config: { has_anthropic: true, agent_model: 'anthropic/claude' },
  };
  expect(modelChoices(status).map(({ value }) => value)).toEqual(['', 'autopilot/standard']);
});
