import { expect, test } from '@jest/globals';
import { MetricStore } from '../../../lib/charts/metric-store.ts';
import { learnerPanels } from './learner-panels.ts';
import { chosenLearners, isChosen, learnerName } from './learners.ts';

function storeOf(...points: [tag: string, name: string][]): MetricStore {
  const store = new MetricStore();
  for (const [run_tag, name] of points)
    store.ingest(1, [{ stage: 'train', run_tag, name, step: 1, value: 1 }]);
  return store;
}

test('the chosen learner stands first and its repeated folds by themselves', () => {
  const store = storeOf(
    ['dummy', 'cv_r2'],
    ['extra_trees', 'cv_r2'],
    ['linear', 'cv_r2'],
    ['linear-chosen', 'cv_r2'],
    ['linear', 'test_r2'],
    ['dummy', 'test_r2'],
  );
  store.configure([{ title: 'Held-out test', metrics: ['test_r2'], type: 'bar' }]);
  const chosen = chosenLearners(store.entries);
  const shown = learnerPanels(store.panels(), chosen).map(({ title, entries }) => [
    title,
    entries.map(({ runTag }) => runTag),
  ]);
  expect(shown).toEqual([
    ['Held-out test: r2', ['linear', 'dummy']],
    ['cv_r2', ['linear', 'extra_trees', 'dummy']],
    ['cv_r2, chosen model alone', ['linear-chosen']],
  ]);
  expect(store.entries.filter((entry) => isChosen(entry, chosen)).map(({ runTag }) => runTag)).toEqual([
    'linear',
    'linear-chosen',
    'linear',
  ]);
});

test('nothing is chosen before the test was opened', () => {
  const store = storeOf(['linear', 'cv_r2'], ['', 'loss'], ['dummy', 'test_r2']);
  expect(chosenLearners(store.entries).size).toBe(0);
});

test('learners are called as in the report, names that nobody knows as they are', () => {
  expect(['extra_trees', 'boosting-chosen', 'my_net', 'constructor', ''].map(learnerName)).toEqual([
    ...['extremely randomised trees', 'gradient boosting', 'my_net', 'constructor', ''],
  ]);
});
