/** A run of a classification over real servers: every state in its order, its rows, its events, its file, its end. */

import { parquetReadObjects } from 'hyparquet';
import { classificationStream, classificationWorkflowId } from '../../core/classification/names.ts';
import { TemperaError } from '../../core/errors.ts';
import type { StoredEvent } from '../../core/events.ts';
import { newId } from '../../core/ids.ts';
import * as db from '../../db/index.ts';
import { startMissingRuns } from '../../worker/reconciler.ts';
import {
  cancelClassificationUpdate,
  classificationStatusQuery,
} from '../../workflows/contract/classification.ts';
import { until } from '../platform/wait.ts';
import { CUSTOMERS, type FixedTable, fixedSources, ORDERS } from './fixed-tables.ts';
import { type Classifying, OWNER, startClassifying } from './running.ts';

let running: Classifying;
beforeAll(async () => {
  running = await startClassifying();
}, 120_000);
afterEach(() => running.rest());
afterAll(() => running?.close(), 60_000);

async function eventsOf(runId: string): Promise<StoredEvent[]> {
  const page = await db.readEvents(running.api.db, OWNER, {
    ...{ streamId: classificationStream(runId), after: 0, limit: 200 },
  });
  return JSON.parse(page?.text ?? '{"items":[]}').items;
}

async function fileOf(runId: string): Promise<{ bytes: Buffer; rows: Record<string, unknown>[] }> {
  const dataset = await db.getClassifiedDataset(running.api.db, OWNER, runId);
  const { body } = await running.api.store.get(dataset?.parquet_path ?? '');
  const bytes = Buffer.concat(await body.toArray());
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return { bytes, rows: await parquetReadObjects({ file }) };
}

const codes = (rows: readonly Record<string, unknown>[]) =>
  Object.fromEntries(rows.map(({ column_name, predicted_code }) => [column_name, predicted_code]));

test('it goes through its states, with rows, events and a version of its dataset, and says why it ends', async () => {
  const source = await running.addSource();
  await running.work(fixedSources([CUSTOMERS, ORDERS]));
  const { id } = await running.start(source, { coverage: 1, mean_gap: 0.01 });
  const run = await running.end(id);
  expect(run).toMatchObject({
    state: 'STOPPED',
    error: null,
    progress: {
      tables_discovered: 2,
      tables_sampled: 2,
      columns_total: 9,
      columns_classified: 9,
      columns_fused: 9,
    },
  });
  expect(run.notes.join(' ')).toMatch(/columns need a person|not known/);
  const states = (await eventsOf(id)).map(({ data }) => data.state);
  expect(states.filter((state, at) => state !== states[at - 1])).toEqual([
    ...['LOADING_VOCAB', 'DISCOVERING', 'SAMPLING', 'CLASSIFYING', 'FUSING', 'EVALUATING', 'STOPPED'],
  ]);
  const { rows } = await fileOf(id);
  expect(rows).toHaveLength(9);
  expect(codes(rows)).toMatchObject({ xq7: null });
  const page = await db.listResults(running.api.db, OWNER, { run_id: id, limit: 50 });
  expect(codes(page?.items ?? [])).toEqual(codes(rows));
  const email = rows.find(({ column_name }) => column_name === 'email_address');
  expect([email?.predicted_label, email?.evidence]).toEqual([
    expect.stringMatching(/e-?mail/i),
    expect.stringContaining('4 of 4 distinct values have the form'),
  ]);
  const handle = running.temporal.client.workflow.getHandle(classificationWorkflowId(id));
  expect(await handle.query(classificationStatusQuery)).toMatchObject({ state: 'STOPPED' });
}, 120_000);

test('a second start is refused with the run that goes on; cancelled, another may start', async () => {
  const source = await running.addSource();
  const stop = await running.work(fixedSources([CUSTOMERS], () => new Promise(() => undefined)));
  const { id } = await running.start(source);
  const refusal = await running.start(source).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'ALREADY_RUNNING', details: { run_id: id } });
  await until('it samples', async () => (await db.getRun(running.api.db, OWNER, id))?.state === 'SAMPLING');
  const handle = running.temporal.client.workflow.getHandle(classificationWorkflowId(id));
  expect(await handle.executeUpdate(cancelClassificationUpdate, { args: [{}] })).toEqual({
    state: 'CANCELLED',
  });
  expect((await running.end(id)).state).toBe('CANCELLED');
  await stop();
  await running.work(fixedSources([CUSTOMERS]));
  expect((await running.end((await running.start(source)).id)).progress.columns_fused).toBe(5);
}, 120_000);

test('a table fails by itself, an outage is waited for, a wrong vocabulary ends the run', async () => {
  const source = await running.addSource();
  let outages = 2;
  await running.work(
    fixedSources([CUSTOMERS, ORDERS], async (table) => {
      if (table === 'customers') throw new TemperaError('INVALID_DATASET', 'customers.csv has no line.');
      outages -= 1;
      if (outages >= 0) throw new TemperaError('STORAGE_UNAVAILABLE', 'The store is away.');
    }),
  );
  const { id } = await running.start(source);
  const { progress } = await running.end(id);
  expect(progress).toMatchObject({ tables_sampled: 2, tables_failed: 1, columns_fused: 4, phase: '' });
  const phases = (await eventsOf(id)).map(({ data }) => Reflect.get(Object(data.progress), 'phase'));
  expect(phases).toContain('waiting: The store is away.');
  const [customers] = await db.runTables(running.api.db, id, { from: 0, to: 1 });
  expect(customers?.error).toBe('customers.csv has no line.');

  const vocabulary = { id: newId(), scope: 'private' as const, name: 'broken', form: 'tree' as const };
  const text = 'code,label,parent_code\nA,one,B\nB,two,A\n';
  await running.api.db.transaction(async (tx) => {
    await db.putVocabulary(tx, OWNER, {
      vocabulary: { ...vocabulary, terms: 2, leaves: 0, findings: [] },
      text,
    });
  });
  const { id: broken } = await running.start(source, {}, vocabulary.id);
  const ended = await running.end(broken);
  expect([ended.state, ended.error]).toEqual([
    'ERROR',
    { code: 'INVALID_INPUT', message: expect.stringContaining('The vocabulary cannot be used. Line') },
  ]);
}, 120_000);

/** Tables with as many columns as asked, all alike but for their names. */
const many = (tables: number): FixedTable[] =>
  Array.from({ length: tables }, (_, at) => ({
    ...CUSTOMERS,
    table: `customers_${String(at).padStart(5, '0')}`,
  }));

test('what was interrupted ends with the same file byte for byte, in a bounded history', async () => {
  const sources = many(300);
  const whole = await running.addSource();
  const settings = { settings: { continueAfterEvents: 60 } };
  let stop = await running.work(fixedSources(sources), settings);
  const undisturbed = await running.start(whole);
  await running.end(undisturbed.id);
  await stop();

  const broken = await running.addSource();
  let sampled = 0;
  const counting = fixedSources(sources, async () => {
    sampled += 1;
  });
  stop = await running.work(counting, settings);
  const interrupted = await running.start(broken);
  for (const state of ['SAMPLING', 'CLASSIFYING', 'FUSING']) {
    await until(state, async () => {
      const run = await db.getRun(running.api.db, OWNER, interrupted.id);
      return run?.state === state || run?.ended_at !== null;
    });
    await stop();
    // as after a lost database of Temporal's: the workflow begins anew, from the rows
    const handle = running.temporal.client.workflow.getHandle(classificationWorkflowId(interrupted.id));
    await handle.terminate('lost').catch(() => undefined);
    stop = await running.work(counting, settings);
    await running.resume(interrupted.id);
  }
  const run = await running.end(interrupted.id);
  expect(run.progress).toMatchObject({ columns_total: 1_500, columns_fused: 1_500 });
  // what was sampled is not sampled again, but for the windows that were under way
  expect(sampled).toBeGreaterThanOrEqual(300);
  expect(sampled).toBeLessThanOrEqual(300 + 3 * 2 * 8);
  const [one, other] = [await fileOf(undisturbed.id), await fileOf(interrupted.id)];
  expect(other.bytes.equals(one.bytes)).toBe(true);
  const description = await running.temporal.client.workflow
    .getHandle(classificationWorkflowId(undisturbed.id))
    .describe();
  expect(description.historyLength).toBeLessThan(400);
}, 180_000);

test('what people decide holds in the next run, is kept beside what was suggested, and can be undone', async () => {
  const source = await running.addSource();
  await running.work(fixedSources([CUSTOMERS]));
  const first = await running.start(source);
  await running.end(first.id);
  const review = (column_name: string, decision: 'correct' | 'none', code: string | null) => ({
    ...{
      id: newId(),
      source_id: source,
      run_id: first.id,
      database: 'main',
      table_name: 'customers',
      column_name,
    },
    ...{ decision, code, suggested_code: null, note: '' },
  });
  const { predicted_code } = await column(first.id, 'country');
  const [corrected] = await running.api.db.transaction((tx) =>
    db.insertReviews(tx, OWNER, [
      review('xq7', 'correct', predicted_code),
      review('first_name', 'none', null),
    ]),
  );
  const second = await running.start(source);
  await running.end(second.id);
  expect(await column(second.id, 'xq7')).toMatchObject({
    predicted_code,
    reviewed: 'correct',
    needs_review: false,
  });
  expect(await column(second.id, 'first_name')).toMatchObject({ predicted_code: null, reviewed: 'none' });
  await running.api.db.transaction((tx) =>
    db.undoReviews(tx, OWNER, { source_id: source, ids: [corrected?.id ?? ''] }),
  );
  const third = await running.start(source);
  await running.end(third.id);
  expect(await column(third.id, 'xq7')).toMatchObject({ predicted_code: null, reviewed: null });
  const versions = await db.listClassifiedDatasets(running.api.db, OWNER, source);
  expect(versions.map(({ version_number, is_active }) => [version_number, is_active])).toEqual([
    ...[
      [3, true],
      [2, false],
      [1, false],
    ],
  ]);
}, 120_000);

async function column(runId: string, name: string) {
  const page = await db.listResults(running.api.db, OWNER, { run_id: runId, q: name, limit: 50 });
  const found = page?.items.find(({ column_name }) => column_name === name);
  if (found === undefined) throw new Error(`There is no result for ${name}.`);
  return found;
}

test('a column whose name says nothing is told by the term of what it refers to, in whichever table', async () => {
  const references = { zz: { table: 'customers', column: 'email_address' } };
  const visits = { table: 'a_visits', columns: { zz: ['q', 'w', 'r'] } };
  await running.work(fixedSources([CUSTOMERS, { ...visits, references }]));
  const { id } = await running.end((await running.start(await running.addSource())).id);
  expect((await column(id, 'zz')).predicted_code).toBe('EMAIL');
  await running.rest();
  await running.work(fixedSources([CUSTOMERS, visits]));
  const other = await running.end((await running.start(await running.addSource())).id);
  expect((await column(other.id, 'zz')).predicted_code).not.toBe('EMAIL');
}, 120_000);

test('where the source has labels a run is judged by them, and else says that it has none', async () => {
  await running.work(
    fixedSources([{ ...CUSTOMERS, labels: { email_address: 'EMAIL', country: 'CITY' } }, ORDERS]),
  );
  const { evaluation } = await running.end((await running.start(await running.addSource())).id);
  expect(evaluation).toMatchObject({
    columns: 2,
    exact_accuracy: 0.5,
    sensitive: { labelled: 1, recall: 1 },
  });
  expect(evaluation?.confusion).toEqual([{ label: 'CITY', predicted: 'COUNTRY', columns: 1 }]);
  await running.rest();
  await running.work(fixedSources([ORDERS]));
  const unlabelled = await running.end((await running.start(await running.addSource())).id);
  expect(unlabelled.evaluation).toBeNull();
}, 120_000);

test('a run that was written and whose start had no answer is started by a worker', async () => {
  const source = await running.addSource();
  const { id } = await running.write(source);
  await running.work(fixedSources([ORDERS]));
  expect(await startMissingRuns(running.temporal.client, running.api.db)).toBe(1);
  expect((await running.end(id)).progress.columns_fused).toBe(4);
  expect(await startMissingRuns(running.temporal.client, running.api.db)).toBe(0);
}, 120_000);

test('a cancel that comes while the workflow goes on as new ends the run all the same', async () => {
  const source = await running.addSource();
  await running.work(fixedSources(many(200)), { settings: { continueAfterEvents: 30 } });
  const { id } = await running.start(source);
  await until('it samples', async () => (await db.getRun(running.api.db, OWNER, id))?.state === 'SAMPLING');
  const handle = running.temporal.client.workflow.getHandle(classificationWorkflowId(id));
  expect(await handle.executeUpdate(cancelClassificationUpdate, { args: [{}] })).toEqual({
    state: 'CANCELLED',
  });
  expect((await running.end(id)).state).toBe('CANCELLED');
}, 120_000);
