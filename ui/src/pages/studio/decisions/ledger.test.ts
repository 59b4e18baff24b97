import { readFileSync } from 'node:fs';
import type { Decision } from '../../../lib/api/types.ts';
import { exactWords, keyWords, reasonSentence, valueWords } from './decision-words.ts';
import { evidenceParts } from './evidence.ts';
import { columnOf, decisionsByKey, decisionsByStage, speaker } from './ledger.ts';
import { decision } from './testing/decision.ts';

const byKey = (items: Decision[], queued: Decision[] = []) => decisionsByKey({ items, queued });

test('of each key, what is in force, what waits and what was before stand apart', () => {
  const items = [
    decision({ key: 'target', value: 'age', standing: 'superseded' }),
    decision({ key: 'target', value: 'sex', standing: 'former' }),
    decision({ key: 'target', value: 'species' }),
    decision({ key: 'target', value: 'mass', standing: 'proposed' }),
  ];
  const waiting = decision({ key: 'target', value: 'island', standing: 'queued' });
  const found = byKey([...items, waiting], [waiting]).get('target');
  expect(found?.current?.value).toBe('species');
  expect(found?.coming.map(({ value }) => value)).toEqual(['mass', 'island']);
  expect(found?.earlier.map(({ value }) => value)).toEqual(['sex', 'age']);
});

test('keys stand by stage in one order, also after they were changed; columns and limits apart', () => {
  const entries = byKey([
    decision({ key: 'budget.cost', stage: null }),
    decision({ key: 'metric', stage: 'train' }),
    decision({ key: 'split.by', stage: 'prep' }),
    decision({ key: 'model.depth', stage: 'train' }),
    decision({ key: 'column.age.use', stage: 'prep' }),
    decision({ key: 'split.strategy', stage: 'prep' }),
    decision({ key: 'metric', stage: 'train' }),
    decision({ key: 'problem', stage: 'eda' }),
    decision({ key: 'target', stage: 'eda' }),
  ]);
  expect(
    decisionsByStage(entries.values()).map(({ stage, keys }) => [stage, keys.map(({ key }) => key)]),
  ).toEqual([
    ['eda', ['target', 'problem']],
    ['prep', ['split.strategy', 'split.by']],
    ['train', ['metric', 'model.depth']],
    [null, ['budget.cost']],
  ]);
});

test('a key with nothing in force is spoken for by what comes, else by what was', () => {
  const was = decision({ key: 'metric', value: 'f1', standing: 'stale' });
  const comes = decision({ key: 'metric', value: 'auc', standing: 'queued' });
  const speaks = (rows: Decision[]) => {
    const entry = byKey(rows).get('metric');
    return entry && speaker(entry)?.value;
  };
  expect(speaks([was])).toBe('f1');
  expect(speaks([was, comes])).toBe('auc');
});

test('a column’s key is read in any script, other keys are of no column', () => {
  expect(columnOf('column.größe_cm.use')).toEqual({ column: 'größe_cm', about: 'use' });
  expect(columnOf('split.by')).toBeNull();
});

test.each([
  ['target', 'species', 'Target', 'species'],
  ['problem', 'multiclass', 'Kind of prediction', 'several classes'],
  ['split.strategy', 'time', 'Split', 'forward in time'],
  ['split.by', ['shop', 'day'], 'Split by', 'shop, day'],
  ['column.age.use', 'out', 'Use', 'left out'],
  ['column.age.kind', 'ordinal', 'Kind', 'ordered category'],
  ['rows.left_out', [1, 2, 3, 4, 5, 6, 7, 8], 'Rows left out', '1, 2, 3, 4, 5, 6 and 2 more'],
  ['rows.repeats', [], 'Repeated rows', 'none'],
  ['rows.repeats', 'drop', 'Repeated rows', 'left out'],
  ['model.choice', 'extra_trees', 'Model', 'extremely randomised trees'],
  ['model.choice', 'tabular_net', 'Model', 'tabular_net'],
  ['threshold', 0.123456, 'Threshold', '0.123'],
  ['budget.cost', 2.5, 'Cost of the session', '$2.50'],
  ['budget.time', 5400, 'Time for each stage', '1 h 30 min'],
  ['model.max_depth', null, 'Model: max depth', 'none'],
  ['model.early_stopping', true, 'Model: early stopping', 'yes'],
  ['model.parameters', { depth: 3 }, 'Model: parameters', '{"depth":3}'],
])('%s of %p reads as %s: %s', (key, value, label, words) => {
  expect([keyWords(key), valueWords(key, value)]).toEqual([label, words]);
});

test('kinds of columns are called as in reports', () => {
  const source = readFileSync('sandbox/tempera/reports/kinds.py', 'utf8');
  const [, table = ''] = /KIND_WORDS[^{]*\{([^}]*)\}/.exec(source) ?? [];
  const words = [...table.matchAll(/'(\w+)': '([^']+)'/g)].map(([, kind = '', word]) => [kind, word]);
  expect(words.length).toBeGreaterThan(20);
  expect(words.map(([kind]) => [kind, valueWords('column.age.kind', kind)])).toEqual(words);
});

test('titles have every digit and every item', () => {
  expect([exactWords(0.123456), exactWords([1, 2]), exactWords('a')]).toEqual(['0.123456', '[1,2]', 'a']);
});

test('a reason is a sentence of its own', () => {
  expect(['it was given', 'Why?', ''].map(reasonSentence)).toEqual(['It was given.', 'Why?', '']);
});

test('evidence is told by facts, figures and queries', () => {
  expect(
    evidenceParts({
      score_by_rows: 0.912345,
      chosen: ['a', true],
      figures: ['eda/figures/a.png'],
      query: 'SELECT 1',
      folds: { mean: 0.5 },
    }),
  ).toEqual([
    { kind: 'fact', name: 'score by rows', text: '0.912', exact: '0.912345' },
    { kind: 'fact', name: 'chosen', text: 'a, yes', exact: '["a",true]' },
    { kind: 'figure', name: 'figures', path: 'eda/figures/a.png' },
    { kind: 'query', name: 'query', sql: 'SELECT 1' },
    { kind: 'fact', name: 'folds: mean', text: '0.5', exact: '0.5' },
  ]);
  expect(evidenceParts(null)).toEqual([]);
  const named = evidenceParts({ kernel: 0.9, metric: 'accuracy' }, 'model.choice').map(({ name }) => name);
  expect(named).toEqual(['support vector machine', 'metric']);
});
