import type { Column, Facts, Findings, ProblemType } from '../facts.ts';
import { score, theModel, withArticle } from '../prose.ts';
import { NO_WISHES, readWishes, type Wishes } from '../reading/wishes.ts';
import { chooseMetric } from './eda-report.ts';
import { whyChosen } from './model-choice.ts';
import type { Decided } from './settled.ts';

const FACTS = { stage: 'eda', session_id: 's', files: ['t.csv'] } as Facts;

interface Case {
  problem: ProblemType;
  flags?: string[];
  strategy?: string;
  wishes?: Wishes;
  meaning?: string;
  mostlyOne?: boolean;
  target?: Findings<'eda_relations'>['target'];
}

function metricFor({
  problem,
  flags = [],
  strategy = 'stratified',
  wishes = NO_WISHES,
  meaning = 'number',
  mostlyOne = false,
  target,
}: Case) {
  const column: Column = { name: 'y', kind: 'number', is: 'number', distinct: 100, flags };
  const settled: Decided = {
    target: { column, reason: 'it was given', guessed: false },
    problem,
    drop: {},
    included: [],
    split: { strategy, by: null, because: '', confirm: false },
    wishes,
  };
  const relations = {
    leaks: {},
    suspects: [],
    strongest: [],
    continuous: 1,
    repeats_by_chance: false,
    one_value_in_half: mostlyOne,
    problem_type: problem,
    meaning,
    meaning_because: '',
    split: settled.split,
    left_out: {},
    to_confirm: [],
    warnings: [],
    several_labels: [],
    target,
  };
  return chooseMetric(FACTS, settled, relations);
}

test.each<[string, Case]>([
  ['r2', { problem: 'regression' }],
  ['rmse', { problem: 'regression', strategy: 'time' }],
  ['mae', { problem: 'regression', flags: ['heavy_tail'] }],
  ['mae', { problem: 'regression', meaning: 'count' }],
  ['r2', { problem: 'regression', meaning: 'count', mostlyOne: true }],
  ['r2', { problem: 'regression', flags: ['heavy_tail'], mostlyOne: true }],
  ['roc_auc', { problem: 'binary' }],
  [
    'accuracy',
    { problem: 'multiclass', target: { missing: 0, counted: 300, smallest: 90, largest_share: 0.4 } },
  ],
  [
    'f1_macro',
    { problem: 'multiclass', target: { missing: 0, counted: 3000, smallest: 50, largest_share: 0.8 } },
  ],
  [
    'accuracy',
    { problem: 'multiclass', target: { missing: 0, counted: 300, smallest: 2, largest_share: 0.8 } },
  ],
  ['log_loss', { problem: 'binary', wishes: readWishes(['use log loss'], []) }],
  ['r2', { problem: 'regression', wishes: readWishes(['use f1'], []) }],
])('%s is the metric for %j', (metric, table) => {
  expect(metricFor(table).metric).toBe(metric);
});

test('a measure that stands in for another says so as its reason', () => {
  const { metric, metric_reason } = metricFor({ problem: 'binary', wishes: readWishes(['best recall'], []) });
  expect(metric).toBe('balanced_accuracy');
  expect(metric_reason).toMatch(/stands in for it/);
});

test('models and scores are named as a sentence needs them', () => {
  expect(['random forest', 'gradient boosting', 'extremely randomised trees'].map(withArticle)).toEqual([
    'a random forest',
    'gradient boosting',
    'extremely randomised trees',
  ]);
  expect(theModel('blend of linear model, trees and boosting')).toBe(
    'the blend of linear model, trees and boosting',
  );
  expect([0.12345, 23_143.39, null].map(score)).toEqual(['0.123', '23,143.4', '–']);
});

test('the reason for a model is so: nothing is the simplest or the best where a dummy is as good', () => {
  const compared = {
    metric: 'r2',
    best: 'boosting',
    within_one_se: ['boosting'],
    failed: [],
    beats_dummy: true,
  };
  expect(whyChosen('boosting', compared)).toMatch(/scores best, and nothing simpler/);
  expect(whyChosen('linear', compared)).toMatch(/the simplest within one standard error of the best/);
  const coin = { ...compared, beats_dummy: false };
  for (const chosen of ['boosting', 'linear']) expect(whyChosen(chosen, coin)).not.toMatch(/simple|best/);
});
