import { expect, test } from '@jest/globals';
import { MetricStore } from '../../../lib/charts/metric-store.ts';
import { lineLabel, runsOf } from './run-filter.ts';

function storeOf(...points: [stage: string, run: number, tag: string, name: string][]): MetricStore {
  const store = new MetricStore();
  for (const [stage, run, run_tag, name] of points) {
    store.ingest(run, [{ stage, run_tag, name, step: 0, value: 1 }]);
  }
  return store;
}

test('runs come with the newest first', () => {
  const { entries } = storeOf(['eda', 1, '', 'a'], ['train', 1, '', 'a'], ['train', 2, '', 'a']);
  expect(runsOf(entries).map((run) => run.id)).toEqual(['train/2', 'train/1', 'eda/1']);
});

test('a line is called by what tells it from its neighbours', () => {
  const alone = storeOf(['train', 1, '', 'loss']).entries;
  expect(alone.map((entry) => lineLabel(entry, alone))).toEqual(['loss']);
  const tagged = storeOf(['train', 1, 'forest', 'loss'], ['train', 1, 'linear', 'loss']).entries;
  expect(tagged.map((entry) => lineLabel(entry, tagged))).toEqual([
    'random forest',
    'regularised linear model',
  ]);
  const runs = storeOf(['train', 1, '', 'loss'], ['train', 2, '', 'loss']).entries;
  expect(runs.map((entry) => lineLabel(entry, runs))).toEqual(['train run 1', 'train run 2']);
});

test('charts that the code asked for come first and take their metrics', () => {
  const store = storeOf(['train', 1, '', 'loss'], ['train', 1, '', 'accuracy'], ['train', 1, '', 'lr']);
  store.configure([{ title: 'Fit', metrics: ['loss', 'accuracy'], type: 'line' }]);
  expect(store.panels().map(({ title, entries }) => [title, entries.length])).toEqual([
    ['Fit', 2],
    ['lr', 1],
  ]);
  expect(store.panels((entry) => entry.name === 'lr').map((panel) => panel.title)).toEqual(['lr']);
});
