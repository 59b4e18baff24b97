/**
 * What the table cannot give: a metric, problem type or columns that are wanted and refused, with the names that were
 * meant.
 */

import { assertSettings, type ExperimentSettings } from './experiment-checks.ts';

const PROFILE = {
  rows: 100,
  sampled_rows: 100,
  columns: [
    { name: 'species', type: 'category', distinct: 3, top_values: [{ value: 'Adelie', count: 44 }] },
    { name: 'sex', type: 'boolean', distinct: 2, top_values: [{ value: 'f' }, { value: 'm' }] },
    { name: 'survived', type: 'boolean', distinct: 2, top_values: [{ value: '0' }, { value: '1' }] },
    { name: 'body_mass', type: 'number', distinct: 94, min: 2700 },
    { name: 'rating', type: 'integer', distinct: 5, min: 1 },
  ],
};
const NOTHING: ExperimentSettings = {
  target: null,
  problem_type: null,
  metric: null,
  excluded_columns: [],
  split_column: null,
};

const refusal = (settings: Partial<ExperimentSettings>, profile: unknown = PROFILE) => {
  try {
    assertSettings({ ...NOTHING, ...settings }, 'birds.csv', profile);
    return null;
  } catch (error) {
    return error;
  }
};

test.each<[string, Partial<ExperimentSettings>, string]>([
  [
    'an unknown metric',
    { metric: 'auc' },
    "metric: there is no metric 'auc'. Did you mean 'roc_auc'? Known are accuracy, " +
      'balanced_accuracy, f1_macro, roc_auc, log_loss, r2, rmse, mae.',
  ],
  [
    'a metric of another kind of problem',
    { problem_type: 'regression', metric: 'accuracy' },
    'metric: accuracy does not fit, for problem_type is regression. Name one of r2, rmse, mae.',
  ],
  [
    'a metric that the target does not allow',
    { target: 'species', metric: 'rmse' },
    "metric: rmse does not fit, for the target 'species' makes it a multiclass problem. Name " +
      'one of accuracy, balanced_accuracy, f1_macro, roc_auc, log_loss, or set problem_type.',
  ],
  [
    'regression of texts',
    { target: 'species', problem_type: 'regression' },
    "problem_type: regression needs numbers, and the target 'species' holds category values, " +
      "such as 'Adelie'. Set problem_type to multiclass, or name a target of numbers.",
  ],
  [
    'two classes of three values',
    { target: 'species', problem_type: 'binary' },
    "problem_type: binary needs two values, and the target 'species' has 3. Set problem_type " +
      'to multiclass, or leave it out.',
  ],
  [
    'two classes of many numbers',
    { target: 'body_mass', problem_type: 'binary' },
    "problem_type: binary needs two values, and the target 'body_mass' has 94. Set " +
      'problem_type to regression, or leave it out.',
  ],
  [
    'many classes of two values',
    { target: 'sex', problem_type: 'multiclass' },
    "problem_type: multiclass needs three values or more, and the target 'sex' has two. Set " +
      'problem_type to binary, or leave it out.',
  ],
  [
    'a class for every row',
    { target: 'body_mass', problem_type: 'multiclass' },
    "problem_type: multiclass needs several rows of each value, and the target 'body_mass' " +
      'has 94 values in 100 rows. Set problem_type to regression, or leave it out.',
  ],
  [
    'an excluded column that is not there',
    { excluded_columns: ['sex', 'bodymass'] },
    "excluded_columns: birds.csv has no column 'bodymass'. Did you mean 'body_mass'?",
  ],
  [
    'a split column that is like none',
    { split_column: 'qqqqqqq' },
    "split_column: birds.csv has no column 'qqqqqqq'. Its columns are 'species', 'sex', " +
      "'survived', 'body_mass', 'rating'.",
  ],
  [
    'an excluded target',
    { target: 'sex', excluded_columns: ['sex'] },
    "excluded_columns: 'sex' is the target. Take it out of excluded_columns, or name another target.",
  ],
  [
    'nothing left',
    { target: 'sex', excluded_columns: ['species', 'survived', 'body_mass', 'rating'] },
    'excluded_columns: nothing is left to predict from. Leave at least one column beside the target.',
  ],
])('%s is refused with what to do', (_, settings, message) => {
  expect(refusal(settings)).toMatchObject({ code: 'INVALID_INPUT', message });
});

test('the field, what is known and what is near come with the refusal', () => {
  expect(refusal({ excluded_columns: ['speces'] })).toMatchObject({
    details: { field: 'excluded_columns', value: 'speces', nearest: ['species'] },
  });
});

test.each<[string, Partial<ExperimentSettings>]>([
  ['nothing said', {}],
  ['regression of a number', { target: 'body_mass', problem_type: 'regression', metric: 'rmse' }],
  ['regression of 0 and 1', { target: 'survived', problem_type: 'regression', metric: 'r2' }],
  ['classes of few whole numbers', { target: 'rating', problem_type: 'multiclass', metric: 'f1_macro' }],
  ['a metric while the target is open', { metric: 'mae' }],
  ['columns that are there', { excluded_columns: ['rating'], split_column: 'sex' }],
])('%s is taken', (_, settings) => {
  expect(refusal(settings)).toBeNull();
});

test('two values of a sample may be more in the table', () => {
  expect(refusal({ target: 'sex', problem_type: 'multiclass' }, { ...PROFILE, rows: 1_000_000 })).toBeNull();
});

test('a profile that says less than usual refuses nothing that it does not know', () => {
  const bare = {
    columns: [
      { name: 'a', type: 'text' },
      { name: 'b', type: 'text' },
    ],
  };
  expect(refusal({ target: 'a', problem_type: 'binary', metric: 'accuracy' }, bare)).toBeNull();
  expect(refusal({ target: 'a', metric: 'accuracy' }, {})).toBeNull();
});
