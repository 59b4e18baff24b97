/**
 * A model that is ordered or refused, "simpler", "faster" and "more careful" decide which candidates are compared, and
 * how often; else the size of the table does.
 */

import type { Findings } from '../facts.ts';
import { NO_WISHES, readWishes } from '../reading/wishes.ts';
import { candidatesFor, repeatsFor } from './candidates.ts';
import { modelWished } from './model-choice.ts';

const SPLITS: Findings<'train_look'> = {
  problem_type: 'binary',
  target: 'survived',
  metric: 'roc_auc',
  features: 5,
  feature_names: [],
  dropped_names: [],
  transformed: 12,
  by_time: false,
  long_tail: false,
  size: 'small',
};
const wishes = (...words: string[]) => readWishes(words, ['age', 'survived']);

test.each([
  [[], ['dummy', 'linear', 'kernel', 'extra_trees', 'boosting'], 2],
  [['Simpler, please.'], ['dummy', 'linear'], 2],
  [['Be quick'], ['dummy', 'linear', 'boosting'], 1],
  [['be faster'], ['dummy', 'linear', 'boosting'], 1],
  [['more careful'], ['dummy', 'linear', 'kernel', 'extra_trees', 'boosting'], 4],
  [['no boosting'], ['dummy', 'linear', 'kernel', 'extra_trees'], 2],
  [['Use a random forest.'], ['dummy', 'linear', 'kernel', 'extra_trees', 'boosting', 'forest'], 2],
  [['simpler', 'but try boosting'], ['dummy', 'linear', 'boosting'], 2],
  [['no boosting', 'use boosting'], ['dummy', 'linear', 'kernel', 'extra_trees', 'boosting'], 2],
  [['why not a forest?'], ['dummy', 'linear', 'kernel', 'extra_trees', 'boosting'], 2],
  [['simpler', 'no linear model'], ['dummy', 'kernel', 'extra_trees', 'boosting', 'forest'], 2],
])('%j', (words, candidates, repeats) => {
  expect(candidatesFor(SPLITS, wishes(...words))).toEqual(candidates);
  expect(repeatsFor(SPLITS, wishes(...words))).toBe(repeats);
});

test('the model that is ordered is taken where it could be fitted', () => {
  const compared = (names: string[]): Findings<'train_compare'> => ({
    metric: 'roc_auc',
    best: 'linear',
    within_one_se: ['linear'],
    beats_dummy: true,
    failed: [],
    candidates: names.map((name) => ({ name, title: name, mean: 0.9, sd: 0.1, se: 0.01 })),
  });
  expect(modelWished(wishes('use boosting'), compared(['dummy', 'linear', 'boosting']))).toBe('boosting');
  expect(modelWished(wishes('use boosting'), compared(['dummy', 'linear']))).toBeNull();
  expect(modelWished(NO_WISHES, compared(['dummy', 'linear']))).toBeNull();
});
