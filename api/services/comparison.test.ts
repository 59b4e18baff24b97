import type { ComparedSession } from '../../db/index.ts';
import { compare as compareIn, isLessBetter } from './comparison.ts';

const metric = (name: string, last: number | null, run_tag = 'forest', range: [number, number] = [0, 1]) => ({
  ...{ stage: 'train', run: 1, run_tag, name, last, count: 3, mean: null },
  ...{ min: last === null ? null : range[0], max: last === null ? null : range[1] },
});
const session = (id: string, metrics: ComparedSession['metrics']) => ({ id, metrics });
type Compared = ReturnType<typeof session>;
/** As sessions of one set of test rows, unless others are named. */
const compare = (sessions: Compared[], groups: (number | null)[] = sessions.map(() => 1)) =>
  compareIn(sessions, new Map(sessions.map(({ id }, at) => [id, groups[at] ?? null])));

test('the best value of a metric is its least where less is better', () => {
  expect(['loss', 'val_loss', 'rmse', 'log_loss', 'mae'].every(isLessBetter)).toBe(true);
  expect(['accuracy', 'r2', 'roc_auc', 'maestro'].some(isLessBetter)).toBe(false);
  const { items, aggregates } = compare([
    session('a', [metric('loss', 0.4, 'forest', [0.2, 0.9])]),
    session('b', [metric('loss', 0.6, 'forest', [0.3, 2])]),
  ]);
  expect(items.map(({ metrics: [first] }) => first?.best)).toEqual([0.2, 0.3]);
  expect(aggregates).toEqual([
    {
      name: 'loss',
      better: 'less',
      sessions: 2,
      best: 0.4,
      best_session: 'a',
      min: 0.4,
      max: 0.6,
      mean: 0.5,
    },
  ]);
});

test('a session is worth the mean over the folds of its chosen learner, not another learner’s luckiest fold', () => {
  const folds = (run_tag: string, mean: number, range: [number, number]) => ({
    ...metric('cv_f1', range[1], run_tag, range),
    mean,
  });
  const runs = [folds('boosting', 0.7, [0.1, 0.99]), folds('linear', 0.8, [0.75, 0.85])];
  const values = (metrics: ComparedSession['metrics']) =>
    compare([session('a', metrics)])
      .items[0]?.metrics.filter(({ chosen }) => chosen)
      .map(({ value }) => value);
  expect(values([...runs, metric('test_f1', 0.6, 'boosting')])).toEqual([0.7, 0.6]);
  // before any was tested the best on the mean speaks for the session
  expect(values([...runs, folds('dummy', 1, [1, 1])])).toEqual([0.8]);
  const { aggregates } = compare([session('a', runs), session('b', [folds('linear', 0.6, [0.5, 0.95])])]);
  expect(aggregates).toMatchObject([{ best: 0.8, best_session: 'a', min: 0.6, max: 0.8 }]);
});

test('the learner is the run that was tested, and the simplest guess is no one’s best', () => {
  const { items, aggregates } = compare([
    session('a', [metric('test_f1', 0.5, 'dummy', [0.5, 0.5]), metric('test_f1', 0.4, 'forest', [0.4, 0.4])]),
    session('b', [metric('loss', null)]),
  ]);
  expect(items.map(({ learner }) => learner)).toEqual(['forest', null]);
  expect(aggregates.map(({ name, best }) => [name, best])).toEqual([
    ['loss', null],
    ['test_f1', 0.4],
  ]);
});

test('the best is told only where all are known to have the same test rows', () => {
  const both = [session('a', [metric('test_f1', 0.5)]), session('b', [metric('test_f1', 0.4)])];
  const best = (groups: (number | null)[]) =>
    compare(both, groups).aggregates.map(({ best, best_session }) => [best, best_session]);
  expect(best([1, 1])).toEqual([[0.5, 'a']]);
  expect(best([1, 2])).toEqual([[null, null]]);
  expect(best([null, null])).toEqual([[null, null]]);
  expect(compare(both.slice(0, 1), [null]).aggregates[0]?.best_session).toBe('a');
});
