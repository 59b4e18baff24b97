import { derivedId, newId } from '../core/ids.ts';
import { DEFAULT_LIMITS } from '../core/limits.ts';
import type { Database, Transaction } from './database.ts';
import { deleteExperiment, listExperiments, updateExperiment } from './experiments-repository.ts';
import {
  deleteSession,
  insertSession,
  listRunningSessions,
  listSessions,
  lockSession,
  updateSession,
} from './sessions-repository.ts';
import {
  insertStageRun,
  latestStageRun,
  listStageRuns,
  markStale,
  nextRun,
  updateStageRun,
} from './stage-runs-repository.ts';
import { beginStep, fenceStep, getStep, takeEpoch, updateStep } from './steps-repository.ts';
import { until, useTestDatabase } from './testing/postgres.ts';
import { ADMIN, addSession, USER_A, USER_B } from './testing/rows.ts';

let db: Database;
useTestDatabase((opened) => {
  db = opened;
});

const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) => db.transaction(work);

test('an experiment keeps what it is given and changes only what a patch names', async () => {
  const { experiment } = await addSession(db);
  expect(experiment).toMatchObject({
    owner: 'a',
    description: '',
    seed: 0,
    excluded_columns: [],
    data_sharing: 'values',
  });
  const patch = { target: 'species', excluded_columns: ['a', 'b "c"'], problem_type: 'multiclass' as const };
  const changed = await inTransaction((tx) => updateExperiment(tx, USER_A, { id: experiment.id, patch }));
  expect(changed).toEqual({ ...experiment, ...patch });
  const smuggled = { owner: 'b', created_at: '1970-01-01T00:00:00.000Z' } as object;
  expect(
    await inTransaction((tx) => updateExperiment(tx, USER_A, { id: experiment.id, patch: smuggled })),
  ).toEqual(changed);
});

test('lists are paged newest first, without a hole or a repetition, also while rows are added', async () => {
  const owner = { id: 'pages', role: 'user' as const };
  const made: string[] = [];
  for (let item = 0; item < 7; item += 1) made.unshift((await addSession(db, owner)).experiment.id);
  const first = await listExperiments(db, owner, { limit: 3 });
  await addSession(db, owner);
  const second = await listExperiments(db, owner, { limit: 3, cursor: first.next_cursor });
  const third = await listExperiments(db, owner, { limit: 3, cursor: second.next_cursor });
  expect([...first.items, ...second.items, ...third.items].map((item) => item.id)).toEqual(made);
  expect(third.next_cursor).toBeNull();
  await expect(listExperiments(db, owner, { limit: 3, cursor: 'nonsense' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

test('an experiment is not deleted while a session of it runs, and takes everything along when it is', async () => {
  const { experiment, session, streamId } = await addSession(db);
  await inTransaction((tx) => updateSession(tx, session.id, { state: 'eda_running' }));
  const remove = () => inTransaction((tx) => deleteExperiment(tx, USER_A, experiment.id));
  await expect(remove()).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(inTransaction((tx) => deleteSession(tx, USER_A, session.id))).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(await listRunningSessions(db)).toContainEqual({ id: session.id, owner: 'a' });
  await inTransaction((tx) => updateSession(tx, session.id, { state: 'cancelled' }));
  expect(await inTransaction((tx) => deleteExperiment(tx, USER_B, experiment.id))).toBe(false);
  expect(await remove()).toBe(true);
  expect(await db.query('select from streams where stream_id = $1', [streamId])).toEqual([]);
  expect(await db.query('select from steps where session_id = $1', [session.id])).toEqual([]);
});

test('a session needs an experiment that the principal may see', async () => {
  const { experiment } = await addSession(db);
  const make = (experiment_id: string, principal = USER_B) =>
    inTransaction((tx) =>
      insertSession(tx, principal, {
        ...{ id: newId(), experiment_id, mode: 'auto', model: 'x/y', limits: DEFAULT_LIMITS },
      }),
    );
  await expect(make(experiment.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(make('../etc')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await make(experiment.id, USER_A)).toMatchObject({
    state: 'created',
    waiting: null,
    forked_from: null,
  });
});

test('sessions are filtered by experiment and state; a patch sets and clears what waits', async () => {
  const { experiment, session } = await addSession(db);
  const waiting = { reason: 'question' as const, subject: 'q' };
  const changed = await inTransaction((tx) =>
    updateSession(tx, session.id, { state: 'eda_running', waiting }),
  );
  expect(changed).toMatchObject({ state: 'eda_running', waiting });
  const filter = { limit: 10, experiment_id: experiment.id };
  expect((await listSessions(db, USER_A, { ...filter, state: 'eda_running' })).items).toEqual([changed]);
  expect((await listSessions(db, USER_A, { ...filter, state: 'created' })).items).toEqual([]);
  expect((await inTransaction((tx) => updateSession(tx, session.id, { waiting: null }))).waiting).toBeNull();
});

test('commands that lock a session queue', async () => {
  const { session } = await addSession(db);
  const order: string[] = [];
  const command = (name: string) =>
    inTransaction(async (tx) => {
      await lockSession(tx, USER_A, session.id);
      order.push(`${name} begins`);
      await tx.query('select pg_sleep(0.02)');
      order.push(`${name} ends`);
    });
  await Promise.all([command('a'), command('b')]);
  expect(order.map((entry) => entry.slice(2))).toEqual(['begins', 'ends', 'begins', 'ends']);
});

test('runs of a stage are numbered; a re-run marks what comes later stale, once', async () => {
  const { session } = await addSession(db);
  await inTransaction(async (tx) => {
    await insertStageRun(tx, {
      session_id: session.id,
      stage: 'prep',
      run: await nextRun(tx, session.id, 'prep'),
    });
    await insertStageRun(tx, {
      session_id: session.id,
      stage: 'eda',
      run: await nextRun(tx, session.id, 'eda'),
    });
    await updateStageRun(
      tx,
      { session_id: session.id, stage: 'prep', run: 1 },
      { state: 'done', checkpoint: derivedId('c') },
    );
  });
  expect(await latestStageRun(db, session.id, 'eda')).toMatchObject({
    run: 2,
    state: 'running',
    ended_at: null,
  });
  expect((await listStageRuns(db, session.id)).find(({ stage }) => stage === 'prep')).toMatchObject({
    ...{ run: 1, state: 'done', ended_at: expect.any(String) },
  });
  const mark = () => inTransaction((tx) => markStale(tx, session.id, ['train', 'prep']));
  expect(await mark()).toEqual(['prep']);
  expect(await mark()).toEqual([]);
  expect((await listStageRuns(db, session.id)).map((run) => [run.stage, run.run, run.stale])).toEqual([
    ['eda', 1, false],
    ['eda', 2, false],
    ['prep', 1, true],
  ]);
});

test('epochs only grow, and a lower one can change nothing', async () => {
  const { session, stepId } = await addSession(db);
  const [old, young] = [await takeEpoch(db), await takeEpoch(db)];
  expect(young).toBeGreaterThan(old);
  const begin = (epoch: number) =>
    inTransaction((tx) =>
      beginStep(tx, {
        ...{
          id: stepId,
          session_id: session.id,
          stage: 'eda',
          run: 1,
          turn: 1,
          call: 'call',
          kind: 'tool',
          epoch,
        },
      }),
    );
  expect(await begin(young)).toMatchObject({ epoch: young, state: 'running' });
  expect(await begin(young)).toMatchObject({ epoch: young });
  const superseded = { code: 'SUPERSEDED' };
  await expect(begin(old)).rejects.toMatchObject(superseded);
  await expect(inTransaction((tx) => fenceStep(tx, { step: stepId, epoch: old }))).rejects.toMatchObject(
    superseded,
  );
  await expect(
    inTransaction((tx) => updateStep(tx, { step: stepId, epoch: old }, { output_offset: 9 })),
  ).rejects.toMatchObject(superseded);
  const done = await inTransaction((tx) =>
    updateStep(
      tx,
      { step: stepId, epoch: young },
      { state: 'done', output: { content: 'x' }, output_offset: 5, cost: 0.25 },
    ),
  );
  expect(done).toMatchObject({
    state: 'done',
    output: { content: 'x' },
    output_offset: 5,
    cost: 0.25,
    ended_at: expect.any(String),
  });
  expect(await getStep(db, USER_A, stepId)).toEqual(done);
});

test('of attempts that race for a step the highest epoch wins, whatever the order', async () => {
  const { session } = await addSession(db);
  const id = derivedId(session.id, 'race');
  const place = {
    session_id: session.id,
    stage: 'eda' as const,
    run: 1,
    turn: 2,
    call: 'race',
    kind: 'tool' as const,
  };
  const epochs = await Promise.all(Array.from({ length: 12 }, () => takeEpoch(db)));
  await Promise.allSettled(
    epochs.map((epoch) => inTransaction((tx) => beginStep(tx, { ...place, id, epoch }))),
  );
  expect((await getStep(db, USER_A, id))?.epoch).toBe(Math.max(...epochs));
});

test('an admin sees every owner’s rows', async () => {
  const { session } = await addSession(db);
  expect(await inTransaction((tx) => lockSession(tx, ADMIN, session.id))).toEqual(session);
  await until(async () => (await listSessions(db, ADMIN, { limit: 1 })).items.length === 1);
});
