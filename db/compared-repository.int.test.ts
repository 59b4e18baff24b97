/** Decisions of many sessions in one statement: what counts is what each ledger says by itself. */

import { inForce } from '../core/decisions.ts';
import { newId } from '../core/ids.ts';
import { STAGES, type Stage } from '../core/stages.ts';
import { type ComparedDecision, comparedDecisions } from './compared-repository.ts';
import type { Database } from './database.ts';
import { insertDecisions, sessionLedger } from './decisions-repository.ts';
import { insertSession } from './sessions-repository.ts';
import { insertStageRun, updateStageRun } from './stage-runs-repository.ts';
import { beginStep, updateStep } from './steps-repository.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { addSession, type TestSession, USER_A } from './testing/rows.ts';

let postgres: TestPostgres;
let db: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  db = postgres.open();
}, 60_000);
afterAll(() => postgres?.stop());

const byPerson = { run: null, by: 'person' as const };
const decide = (session: string, values: Record<string, unknown>) =>
  db.transaction((tx) =>
    insertDecisions(
      tx,
      Object.entries(values).map(([key, value]) => ({
        ...{ id: newId(), session_id: session, stage: 'prep' as const, key, value, ...byPerson },
      })),
    ),
  );
async function found(sessions: string[], most = 100) {
  const { decisions, keys } = await comparedDecisions(db, sessions, most);
  const values = (own: Record<string, ComparedDecision> = {}) =>
    Object.fromEntries(Object.entries(own).map(([key, { value }]) => [key, value]));
  return { keys, values: sessions.map((id) => values(decisions.get(id))) };
}
/** Another session of the same experiment. */
async function another({ session, experiment }: TestSession): Promise<string> {
  const { mode, model, limits } = session;
  const made = { id: newId(), experiment_id: experiment.id, mode, model, limits };
  return (await db.transaction((tx) => insertSession(tx, USER_A, made))).id;
}

test('only keys that differ are read, those of no column first, and more than wanted are counted', async () => {
  const made = await addSession(db);
  const [a, b] = [made.session.id, await another(made)];
  await decide(a, { metric: 'r2', seed: 1, 'column.x.use': 'out', 'column.y.use': 'in', 'split.by': null });
  await decide(b, { metric: 'mae', seed: 1, 'split.by': 'z' });
  expect(await found([a, b])).toEqual({
    keys: 3,
    values: [
      { metric: 'r2', 'split.by': null, 'column.x.use': 'out' },
      { metric: 'mae', 'split.by': 'z' },
    ],
  });
  expect(await found([a, b], 1)).toEqual({ keys: 3, values: [{ metric: 'r2' }, { metric: 'mae' }] });
  expect(await found([a])).toEqual({ keys: 0, values: [{}] });
});

test('columns of one experiment do not differ from another table’s', async () => {
  const [one, other] = [await addSession(db), await addSession(db)];
  const [a, b, c] = [one.session.id, await another(one), other.session.id];
  await decide(a, { 'column.x.use': 'out' });
  await decide(b, { 'column.x.use': 'out' });
  await decide(c, { 'column.y.use': 'out' });
  expect((await found([a, b, c])).keys).toBe(0);
});

test('a long value is cut', async () => {
  const made = await addSession(db);
  const [a, b] = [made.session.id, await another(made)];
  await decide(a, { note: 'x'.repeat(4_000) });
  await decide(b, { note: 'y' });
  expect(String((await found([a, b])).values[0]?.note)).toHaveLength(501);
});

test('what counts is what the ledger of each session says by itself, whatever its runs and steps', async () => {
  const random = seeded(7);
  const made = await addSession(db);
  const ids = [made.session.id];
  while (ids.length < 12) ids.push(await another(made));
  for (const id of ids) await fill(id, random);
  const ledgers = await Promise.all(ids.map((id) => sessionLedger(db, id)));
  const held = ledgers.map((ledger) =>
    Object.fromEntries([...inForce(ledger)].map(([key, { value }]) => [key, value])),
  );
  expect(held.filter((values) => Object.keys(values).length > 0).length).toBeGreaterThan(8);
  expect((await found(ids)).values).toEqual(held);
});

/** Runs of every state, and rows of persons and of steps of every state, also of runs that are not there. */
async function fill(session: string, random: () => number): Promise<void> {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  await db.transaction(async (tx) => {
    for (const stage of STAGES)
      for (let run = 1; run <= 1 + Math.floor(random() * 3); run += 1) {
        if (await exists(session, stage, run)) continue;
        const state = pick(['done', 'done', 'failed', 'running', 'cancelled'] as const);
        await insertStageRun(tx, { session_id: session, stage, run, state });
        if (random() < 0.3) await updateStageRun(tx, { session_id: session, stage, run }, { stale: true });
      }
    for (let turn = 10; turn < 40; turn += 1) {
      const stage = pick(STAGES);
      const place = { session_id: session, stage, run: pick([1, 2, 3]), turn, call: 'c' };
      const step = newId();
      await beginStep(tx, { ...place, id: step, kind: 'tool', tool: 'execute_code', epoch: 1 });
      const state = pick(['done', 'done', 'done', 'failed', 'running', 'cancelled'] as const);
      if (state !== 'running') await updateStep(tx, { step, epoch: 1 }, { state });
      const key = pick(['a', 'b', 'c', 'column.d.use']);
      const common = { id: newId(), session_id: session, stage, key, value: `${session}/${turn}` };
      const own =
        random() < 0.2
          ? { ...common, ...byPerson, queued: random() < 0.3 }
          : { ...common, run: place.run, by: 'agent' as const, step_id: step, yields: random() < 0.2 };
      await insertDecisions(tx, [own]);
    }
  });
}

const exists = async (session: string, stage: Stage, run: number): Promise<boolean> =>
  (
    await db.query('select from stage_runs where session_id = $1 and stage = $2 and run = $3', [
      session,
      stage,
      run,
    ])
  ).length > 0;

/** The same numbers from 0 to 1 in every run of the test. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
