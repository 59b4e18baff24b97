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
import { cellsOf, foundColumns } from './preview-cells.ts';

const file = (name: string, size = 10) => new File(['x'.repeat(size)], name);
const fields = (change: Partial<DraftFields> = {}): DraftFields => ({
  ...{ name: 'Penguins', target: 'species', problemType: '', instructions: '', excluded: [] },
  ...{ kinds: {} },
  ...{ metric: '', split: '', splitBy: '' },
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
  expect(sessionBody(fields({ model: 'autopilot/standard' }), columns)).toEqual({
    mode: 'auto',
    limits: DEFAULT_LIMITS,
    model: 'autopilot/standard',
  });
});

test('what is decided about the split goes with the session, a column of tests with the experiment', () => {
  const bodies = (change: Partial<DraftFields>) => {
    const { decisions } = sessionBody(fields(change), columns);
    const { metric, split_column } = experimentFields(fields(change));
    return { decisions, metric, split_column };
  };
  expect(bodies({ metric: 'f1_macro', split: 'group', splitBy: 'mass' })).toEqual({
    metric: 'f1_macro',
    decisions: [
      { key: 'split.strategy', value: 'group' },
      { key: 'split.by', value: 'mass' },
    ],
  });
  expect(bodies({ split: 'random', splitBy: 'mass' }).decisions).toEqual([
    { key: 'split.strategy', value: 'random' },
  ]);
  expect(bodies({ split: 'random', problemType: 'binary' }).decisions).toEqual([
    { key: 'split.strategy', value: 'stratified' },
  ]);
  expect(bodies({ split: 'column', splitBy: 'mass' })).toEqual({ split_column: 'mass' });
});

test('a kind goes with the session under the column’s key', () => {
  const named = [{ name: 'Body mass (g)' }, { name: 'body_mass_g' }];
  const { decisions } = sessionBody(
    fields({ kinds: { body_mass_g: 'text', 'Body mass (g)': 'category' } }),
    named,
  );
  expect(decisions).toEqual([
    { key: 'column.body_mass_g_2.kind', value: 'text' },
    { key: 'column.body_mass_g.kind', value: 'category' },
  ]);
});

test('a split by no column, or by the target, and a metric of another kind are mistakes', () => {
  const mistakes = (change: Partial<DraftFields>) => fieldErrors(fields(change), columns);
  expect(mistakes({ split: 'time' }).splitBy).toBe('Choose the column.');
  expect(mistakes({ split: 'group', splitBy: 'species' }).splitBy).toBe('The target cannot deal the rows.');
  expect(mistakes({ split: 'random', splitBy: 'species' })).toEqual({});
  expect(mistakes({ problemType: 'regression', metric: 'accuracy' }).metric).toMatch(/does not fit/);
  expect(mistakes({ metric: 'accuracy' })).toEqual({});
});

test('of a wide table the columns that are searched for are shown', () => {
  const names = Array.from({ length: 100 }, (_, at) => ({ name: `Gene ${at}`, type: 'number' }));
  expect(foundColumns(names, '').length).toBe(60);
  expect(foundColumns(names, ' gene 9').map(({ name }) => name)).toEqual(
    [9, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99].map((at) => `Gene ${at}`),
  );
  expect(cellsOf(['1', '2', '3'], names.slice(1, 3), names)).toEqual(['2', '3']);
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
  expect(cellsOf({ mass: 3750, species: 'Adelie' }, columns, columns)).toEqual(['Adelie', '3750']);
  expect(cellsOf(['Adelie', null], columns, columns)).toEqual(['Adelie', '']);
  expect(cellsOf(null, columns, columns)).toEqual(['', '']);
});

test('a missing number shows as missing however the file writes it, and a text stays what it is', () => {
  expect(cellsOf(['NA', 'NA'], columns, columns)).toEqual(['NA', '']);
  expect(cellsOf(['n/a', 'nan'], columns, columns)).toEqual(['n/a', '']);
  expect(cellsOf(['x', '-5'], columns, columns)).toEqual(['x', '-5']);
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
