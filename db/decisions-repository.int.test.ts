/** The ledger against a real Postgres: what a step writes counts with it, and goes with what it belongs to. */

import { newId } from '../core/ids.ts';
import type { Database } from './database.ts';
import { insertDecisions, listDecisions, type NewDecision } from './decisions-repository.ts';
import { deleteSession } from './sessions-repository.ts';
import { markStale, updateStageRun } from './stage-runs-repository.ts';
import { updateStep } from './steps-repository.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { addSession, type TestSession, USER_A } from './testing/rows.ts';

let postgres: TestPostgres;
let db: Database;

beforeAll(async () => {
  postgres = await startTestPostgres();
  db = postgres.open();
}, 60_000);
afterAll(() => postgres?.stop());

const decision = ({ session, stepId }: TestSession, patch: Partial<NewDecision> = {}): NewDecision => ({
  ...{ id: newId(), session_id: session.id, stage: 'eda', run: 1, key: 'metric', value: 'accuracy' },
  ...{ by: 'agent', step_id: stepId, execution: 1 },
  ...patch,
});
const write = (...rows: NewDecision[]) => db.transaction((tx) => insertDecisions(tx, rows));
const standings = async ({ session }: TestSession) =>
  (await listDecisions(db, USER_A, session.id))?.map(({ key, value, standing }) => [key, value, standing]);

test('a step’s decision counts once it is done, and no longer when its run is stale', async () => {
  const made = await addSession(db);
  await write(decision(made));
  expect(await standings(made)).toEqual([['metric', 'accuracy', 'proposed']]);
  await db.transaction((tx) => updateStep(tx, { step: made.stepId, epoch: 1 }, { state: 'done' }));
  expect(await standings(made)).toEqual([['metric', 'accuracy', 'in_force']]);
  const run = { session_id: made.session.id, stage: 'eda' as const, run: 1 };
  await db.transaction((tx) => updateStageRun(tx, run, { state: 'done' }));
  await db.transaction((tx) => markStale(tx, made.session.id, ['eda']));
  expect(await standings(made)).toEqual([['metric', 'accuracy', 'stale']]);
});

test('rows keep the order in which they were written, and one that is there stays', async () => {
  const made = await addSession(db);
  const person = { by: 'person' as const, run: null, step_id: null, execution: null };
  const rows = Array.from({ length: 1_200 }, (_, at) =>
    decision(made, { ...person, key: `column.c${at % 600}.use`, value: at }),
  );
  await write(...rows);
  await write({ ...decision(made, person), id: rows[0]?.id ?? '', value: 'other' });
  const ledger = (await listDecisions(db, USER_A, made.session.id)) ?? [];
  expect(ledger.map(({ value }) => value)).toEqual(rows.map(({ value }) => value));
  expect(ledger.filter(({ standing }) => standing === 'in_force')).toHaveLength(600);
});

test('a value of any form comes back as it was, but for what Postgres cannot store', async () => {
  const made = await addSession(db);
  const values = [null, 0, false, 'a\0b', '\ud800', ['x', { y: 1 }], { '': 1e-300 }];
  await write(...values.map((value, at) => decision(made, { key: `key${at}`, value, reason: 'why\0' })));
  const ledger = (await listDecisions(db, USER_A, made.session.id)) ?? [];
  expect(ledger.map(({ value }) => value)).toEqual([
    ...[null, 0, false, 'a\ufffdb', '\ufffd', ['x', { y: 1 }], { '': 1e-300 }],
  ]);
  expect(new Set(ledger.map(({ reason }) => reason))).toEqual(new Set(['why\ufffd']));
});

test('a session’s ledger goes with it', async () => {
  const made = await addSession(db);
  await write(decision(made));
  expect(await db.transaction((tx) => deleteSession(tx, USER_A, made.session.id))).toBe(true);
  expect(await listDecisions(db, USER_A, made.session.id)).toBeNull();
  expect(await db.query('select from decisions where session_id = $1', [made.session.id])).toEqual([]);
});
