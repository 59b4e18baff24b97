/**
 * Sessions compared on their ledgers by what is in force: which keys differ, who decided them, names, which scores
 * compare, differences fold by fold.
 */

import { newId } from '../core/ids.ts';
import type { Session } from '../core/records.ts';
import type { Stage } from '../core/stages.ts';
import { beginStep, insertDecisions, insertStageRun, updateStep } from '../db/index.ts';
import { type TestApi, useTestApi } from './testing/api-server.ts';
import { call, json, newSession } from './testing/client.ts';

let api: TestApi;
useTestApi((started) => {
  api = started;
});

interface Compared {
  id: string;
  title: string;
  test_rows: number | null;
  score: { value: number; standing: string; best: boolean } | null;
  decisions: Record<string, { value: unknown; by: string | null } | null>;
  difference: { mean: number; low: number; high: number; folds: number; shows: string } | null;
  unpaired: string | null;
}
interface Answer {
  items: Compared[];
  differing: { key: string; column: string | null; stage: string | null }[];
  reference: string | null;
}
const compare = async (owner: string, sessions: readonly { id: string }[], query = ''): Promise<Answer> => {
  const ids = sessions.map(({ id }) => id);
  const path = `/api/compare?sessions=${ids.join(',')}${query}`;
  const answer = await json<Answer>(call(api, path, { owner }));
  return { ...answer, items: ids.flatMap((id) => answer.items.find((item) => item.id === id) ?? []) };
};
/** Sessions of one experiment. */
async function sessions(owner: string, count: number): Promise<Session[]> {
  const first = await newSession(api, owner);
  const path = `/api/experiments/${first.experiment_id}/sessions`;
  const made = [first];
  while (made.length < count) made.push(await json<Session>(call(api, path, { json: {}, owner })));
  return made;
}
const decide = (session: Session, values: Record<string, unknown>) =>
  api.db.transaction((tx) =>
    insertDecisions(
      tx,
      Object.entries(values).map(([key, value]) => ({
        ...{ id: newId(), session_id: session.id, key, value, by: 'person' as const, run: null },
        stage: 'prep' as const,
      })),
    ),
  );

/** A done run of the stage, in which the platform measured these facts. */
async function done({ id }: Session, stage: Stage, facts: Record<string, unknown> = {}): Promise<void> {
  const place = { session_id: id, stage, run: 1 };
  const step = newId();
  await api.db.transaction(async (tx) => {
    await insertStageRun(tx, { ...place, state: 'done' });
    await beginStep(tx, { ...place, id: step, turn: 9, call: '', kind: 'validation', epoch: 1 });
    const output = { passed: [], warnings: [], errors: [], facts };
    await updateStep(tx, { step, epoch: 1 }, { state: 'done', output });
  });
}
const SCORES = [0.8, 0.82, 0.78, 0.81, 0.79];
const folds = (scores: number[], fingerprint: string | null = 'folds') => ({
  cross_validation: {
    ...{ metric: 'accuracy', scores, folds: fingerprint },
    ...(fingerprint === null ? {} : { learned_rows: 80, judged_rows: 20 }),
  },
});
const trained = (accuracy: number, rows: string | null, more: Record<string, unknown> = {}) => ({
  ...{ test_metrics: { accuracy, f1_macro: null }, primary_metric: 'accuracy', test_rows: 20 },
  ...(rows === null ? {} : { test_fingerprint: rows }),
  ...more,
});

test('sessions are named by the decisions in which they differ, with who made them', async () => {
  const [a, b] = await sessions('kim', 2);
  if (!a || !b) throw new Error('no sessions');
  await decide(a, { 'column.mass.use': 'out', 'split.strategy': 'stratified' });
  await decide(b, { 'split.strategy': 'group', 'split.by': 'mass' });
  for (const session of [a, b]) await done(session, 'prep');
  const { items, differing } = await compare('kim', [a, b]);
  expect(items.map(({ title }) => title)).toEqual([
    'without mass · stratified split',
    'with mass · split by mass',
  ]);
  expect(differing).toEqual(
    expect.arrayContaining([
      { key: 'column.mass.use', column: 'mass', stage: 'prep' },
      { key: 'split.strategy', column: null, stage: 'prep' },
      { key: 'split.by', column: null, stage: 'prep' },
    ]),
  );
  expect(differing).toHaveLength(3);
  expect(items.map(({ decisions }) => decisions['column.mass.use'])).toEqual([
    { value: 'out', by: 'person' },
    { value: 'in', by: null },
  ]);
});

test('what was measured counts, not what was asked for', async () => {
  const [a, b] = await sessions('lou', 2);
  if (!a || !b) throw new Error('no sessions');
  await decide(a, { metric: 'f1_macro' });
  await decide(b, { metric: 'accuracy' });
  for (const session of [a, b]) await done(session, 'train', trained(0.9, 'rows'));
  const { differing, items } = await compare('lou', [a, b]);
  expect(differing).toEqual([]);
  expect(items.map(({ title, id }) => title === `…${id.slice(-6)}`)).toEqual([true, true]);
});

test('scores on other or unknown test rows are not comparable, and the best is told among those that are', async () => {
  const made = await sessions('mia', 5);
  const rows = ['one', 'one', 'two', null, 'one'];
  for (const [at, session] of made.slice(0, 4).entries())
    await done(session, 'train', trained(0.8 + at / 100, rows[at] ?? null));
  await done(made[4] as Session, 'prep', { test_fingerprint: 'one' });
  // its training is older than what was prepared since
  await done(made[3] as Session, 'prep', { test_fingerprint: 'one' });
  const { items } = await compare('mia', made);
  expect(items.map(({ test_rows }) => test_rows)).toEqual([1, 1, 2, null, 1]);
  expect(items.map(({ score }) => score && [score.standing, score.best])).toEqual([
    ['comparable', false],
    ['comparable', true],
    ['other_rows', false],
    ['unknown_rows', false],
    null,
  ]);
});

test('differences are told fold by fold where the folds are the same, else why not', async () => {
  const made = await sessions('nia', 4);
  const better = SCORES.map((score) => score + 0.1);
  await done(made[0] as Session, 'train', trained(0.8, 'one', folds(SCORES)));
  await done(made[1] as Session, 'train', trained(0.9, 'one', folds([...better.slice(1), 0.9])));
  await done(made[2] as Session, 'train', trained(0.9, 'one', folds(SCORES, 'others')));
  await done(made[3] as Session, 'train', trained(0.9, 'one', folds(SCORES, null)));
  const { items, reference } = await compare('nia', made);
  expect(reference).toBe(made[0]?.id);
  expect(items[1]?.difference).toMatchObject({ folds: 5, shows: 'better' });
  expect(items[1]?.difference?.mean).toBeCloseTo(0.1, 9);
  expect(items.map(({ unpaired }) => unpaired)).toEqual([null, null, 'other_folds', 'unknown_folds']);
  const other = await compare('nia', made, `&reference=${made[1]?.id}`);
  expect(other.items[0]?.difference).toMatchObject({ shows: 'worse' });
});

test('another’s sessions are neither compared nor told of', async () => {
  const [mine] = await sessions('olga', 1);
  const [theirs] = await sessions('pia', 1);
  if (!mine || !theirs) throw new Error('no sessions');
  await decide(theirs, { secret: 1 });
  const answer = await compare('olga', [mine, theirs], `&reference=${theirs.id}`);
  expect(answer.items.map(({ id }) => id)).toEqual([mine.id]);
  expect([answer.differing, answer.reference]).toEqual([[], null]);
});
