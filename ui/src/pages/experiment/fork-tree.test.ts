import type { ComparedSession, SettledDecision } from '../../lib/api/answers.ts';
import { type Branch, forkTrees, scoreWords, sizeOf } from './fork-tree.ts';

const session = (id: string, patch: Partial<ComparedSession> = {}): ComparedSession => ({
  ...{ id, name: 'Penguins', title: id, experiment_id: 'e', state: 'train_done', learner: null, metrics: [] },
  ...{ created_at: id, forked: null, test_rows: 1, score: null, decisions: {} },
  ...{ difference: null, unpaired: null, ...patch },
});
const from = (origin: string, stage: 'eda' | 'prep' | null = 'prep', whole = true) => ({
  forked: { session: origin, stage, whole },
});
const decided = (value: unknown): SettledDecision => ({ value, by: 'person' });
const KEYS = [
  { key: 'column.age.use', column: 'age', stage: 'prep' as const },
  { key: 'model.choice', column: null, stage: 'train' as const },
];
const outline = ({ session: { id }, edge, forks }: Branch): unknown => [
  id,
  ...(edge ? [`${edge.where}: ${edge.changed}`] : []),
  ...forks.map(outline),
];

test('sessions stand under what they were forked from, with the place and what was changed there', () => {
  const items = [
    session('d', { ...from('b', 'eda', false), decisions: { 'model.choice': null } }),
    session('c', {
      ...from('a'),
      decisions: { 'column.age.use': decided('out'), 'model.choice': decided('forest') },
    }),
    session('b', { ...from('a', null, false), decisions: { 'model.choice': decided('linear') } }),
    session('a', { decisions: { 'column.age.use': decided('in'), 'model.choice': decided('linear') } }),
  ];
  expect(forkTrees({ items: [...items, session('e', from('a', null))], differing: [] }).map(outline)).toEqual(
    [['a', ['b', 'forked: ', ['d', 'within EDA: ']], ['c', 'after Prep: '], ['e', 'before EDA: ']]],
  );
  expect(forkTrees({ items, differing: KEYS }).map(outline)).toEqual([
    ['a', ['b', 'forked: ', ['d', 'within EDA: ']], ['c', 'after Prep: without age · forest']],
  ]);
});

test('a session alone is no tree; a fork whose origin is gone begins one', () => {
  const trees = forkTrees({ items: [session('a'), session('c', from('gone')), session('b')], differing: [] });
  expect(trees.map(outline)).toEqual([['c']]);
  expect(trees.map(sizeOf)).toEqual([1]);
});

test('a score says when it may not be ranked with the others', () => {
  const score = { metric: 'roc_auc', value: 0.9, less_is_better: false, spread: 0.021, rows: 40 };
  const of = (standing: 'comparable' | 'other_rows', best: boolean) =>
    scoreWords(session('a', { score: { ...score, standing, best } }));
  expect(of('comparable', true)).toEqual({
    text: 'roc auc 0.9 ± 0.021',
    title: 'roc auc 0.9 on 40 test rows',
    note: 'best',
  });
  expect(of('other_rows', true)?.note).toBe('best, not comparable: other test rows');
  expect(of('comparable', false)?.note).toBe('');
  expect(scoreWords(session('a'))).toBeNull();
});
