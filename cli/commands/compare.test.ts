/** Sessions side by side as lines of text. */

import type { Compared } from '../records.ts';
import { comparedText } from './compare.ts';

const session = (id: string, more: Partial<Compared['items'][number]>): Compared['items'][number] => ({
  ...{ id, name: 'penguins', title: id, state: 'train_done', learner: 'linear', score: null, decisions: {} },
  ...{ difference: null, unpaired: null },
  ...more,
});
const score = {
  metric: 'accuracy',
  value: 0.98765,
  spread: 0.01,
  best: true,
  standing: 'comparable' as const,
};
const difference = {
  metric: 'accuracy',
  folds: 10,
  mean: -0.0123,
  low: -0.03,
  high: 0.005,
  shows: 'nothing' as const,
};

test('sessions, the decisions in which they differ and the folds stand below each other', () => {
  const items = [
    session('a', {
      score,
      decisions: { 'model.choice': { value: 'linear', by: 'agent' }, 'split.by': null },
    }),
    session('b', {
      score: { ...score, value: 0.9, best: false, standing: 'other_rows' },
      decisions: { 'model.choice': { value: 'forest', by: 'person' }, 'split.by': { value: null, by: null } },
      difference,
    }),
    session('c', { unpaired: 'other_folds' }),
  ];
  const differing = [{ key: 'model.choice' }, { key: 'split.by' }];
  const text = comparedText({ items, differing, more_differing: 2, reference: 'a' }, 400);
  expect(text.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
    '#  id  experiment  session  state  score  note',
    '1  a  penguins  a  train done  accuracy 0.9877 ± 0.01  best',
    '2  b  penguins  b  train done  accuracy 0.9 ± 0.01  not comparable: other test rows',
    '3  c  penguins  c  train done  no score',
    '',
    'decision  in 1  in 2  in 3',
    'model.choice  linear (agent)  forest (person)  –',
    'split.by  –  null  –',
    '',
    '2 more decisions differ.',
    '',
    'Fold by fold, compared with 1 (95 % intervals):',
    '  2  accuracy -0.0123 (-0.03 to +0.005): no difference that 10 folds could show',
    '  3  not comparable: cross-validated on other folds',
    '',
  ]);
});

test('sessions that decide alike differ in nothing', () => {
  const items = [session('a', {}), session('b', {})];
  expect(comparedText({ items, differing: [], more_differing: 0, reference: null }, 200)).toMatch(
    /\nThey differ in no decision\.\n$/,
  );
});
