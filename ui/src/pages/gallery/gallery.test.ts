import type { ListedExperiment, Session } from '../../lib/api/types.ts';
import { barMarks } from './bar-marks.ts';
import { arrange, type Card, choseTarget, toCard } from './card.ts';
import { bestOf, betterElsewhere, type Facts, isGuess } from './facts.ts';
import { sparkPath } from './sparkline.ts';

function experiment(id: string, name: string, created = '2026-01-01T00:00:00Z'): ListedExperiment {
  return {
    ...{ id, name, owner: 'local', description: '', instructions: '', dataset_ref: '' },
    dataset: { files: [{ name: `${id}.csv`, s3_path: '', size: 1, sha256: '' }], shape: null },
    ...{ target: null, problem_type: null, metric: null, seed: 0, excluded_columns: [] },
    ...{ test_file: null, split_column: null, data_sharing: 'values', created_at: created },
  };
}

function card(id: string, name: string, more: Partial<Card> = {}): Card {
  const known = toCard(experiment(id, name), [], { facts: null, chosen: null });
  return { ...known, activeAt: id, ...more };
}

const scored = (value: number, baseline: number, gain = (value - baseline) / baseline): Facts => ({
  ...{ cost: 0, tokens: 0, turns: {}, results: {}, line: [] },
  score: { metric: 'm', value, spread: null, baseline, gain, final: true, stale: false },
});

test('cards are found by name, target and file, and ordered as asked', () => {
  const cards = [card('1', 'Churn 10'), card('2', 'Churn 9'), card('3', 'Prices')];
  const ids = (found: readonly Card[]) => found.map(({ experiment: { id } }) => id);
  expect(ids(arrange(cards, 'churn', 'name'))).toEqual(['2', '1']);
  expect(ids(arrange(cards, '3.csv', 'active'))).toEqual(['3']);
  expect(ids(arrange(cards, '', 'active'))).toEqual(['3', '2', '1']);
});

test('a card tells the target that was asked for, else the one that the agent chose', () => {
  const penguins = experiment('1', 'Penguins');
  const known = { facts: null, chosen: 'species' };
  expect(toCard(penguins, [], known).target).toBe('species');
  expect(toCard({ ...penguins, target: 'sex' }, [], known).target).toBe('sex');
  expect(toCard(penguins, [], { ...known, chosen: null }).target).toBeNull();
  expect(arrange([toCard(penguins, [], known)], 'species', 'name')).toHaveLength(1);

  const facts: Facts = { ...scored(1, 0), results: { train: { run: 1, stale: false } } };
  expect(choseTarget({ experiment: penguins, facts })).toBe(true);
  expect(choseTarget({ experiment: { ...penguins, target: 'sex' }, facts })).toBe(false);
  expect(choseTarget({ experiment: penguins, facts: scored(1, 0) })).toBe(false);
});

test('scores are ordered by what they gain over the baseline, those without one last', () => {
  const cards = [
    card('plain', 'a'),
    card('little', 'b', { facts: scored(0.9, 0.88) }),
    card('much', 'c', { facts: scored(0.8, 0.5) }),
  ];
  expect(arrange(cards, '', 'score').map(({ experiment: { id } }) => id)).toEqual([
    'much',
    'little',
    'plain',
  ]);
});

test('a sparkline spans its box; one value draws nothing', () => {
  expect(sparkPath([0, 1, 0.5], 10, 4)).toBe('M0.0 4.0L5.0 0.0L10.0 2.0');
  expect(sparkPath([3, 3], 10, 4)).toBe('M0.0 2.0L10.0 2.0');
  expect(sparkPath([1], 10, 4)).toBe('');
});

test('a card’s score is its own session’s; a better one of another session is told with its address', () => {
  const facts = scored(0.7, 0.5);
  const { score } = scored(0.9, 0.5);
  if (score === null) throw new Error('the score is missing');
  const both = { ...facts, best: { ...score, session_id: 'other' } };
  expect([both.score?.value, bestOf(both)?.value]).toEqual([0.7, 0.9]);
  expect(betterElsewhere('mine', both)?.session_id).toBe('other');
  expect(betterElsewhere('other', both)).toBeNull();
  expect([bestOf(null), betterElsewhere('mine', facts)]).toEqual([null, null]);
});

test('a model that the simplest guess equals is told, whichever way its metric goes', () => {
  const guess = (facts: Facts) => facts.score !== null && isGuess(facts.score);
  expect(guess(scored(0.5, 0.5))).toBe(true);
  expect(guess(scored(0.6, 0.5))).toBe(false);
  // an error that is greater than the baseline’s
  expect(guess(scored(12, 10, -0.2))).toBe(true);
});

test('what waits for a person stands on top in every order', () => {
  const asking = { id: 's' } as Session;
  const cards = [card('1', 'A', { facts: scored(0.9, 0.5) }), card('2', 'Z', { asking }), card('3', 'B')];
  for (const sort of ['active', 'newest', 'name', 'cost', 'score'] as const)
    expect(arrange(cards, '', sort)[0]?.experiment.id).toBe('2');
});

test('a re-run that was cancelled takes no result away, and what an earlier stage outdated is marked', () => {
  const state = (name: Session['state']) => ({ state: name, failed_stage: null, waiting: null });
  const done = { run: 1, stale: false };
  const stale = { run: 1, stale: true };
  const marks = (...of: Parameters<typeof barMarks>) => Object.values(barMarks(...of));
  expect(marks(state('cancelled'), { eda: done, prep: done, train: done })).toEqual(['done', 'done', 'done']);
  expect(marks(state('cancelled'), { eda: done })).toEqual(['done', 'todo', 'todo']);
  expect(marks(state('eda_running'), { eda: done, prep: stale, train: stale })).toEqual([
    'running',
    'stale',
    'stale',
  ]);
  expect(marks(null, {})).toEqual(['todo', 'todo', 'todo']);
});
