/**
 * What is left of what was deleted, looked for in each store of a whole platform: rows, objects, histories of
 * workflows, folders on the sandbox host.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { classificationWorkflowId } from '../../core/classification/names.ts';
import { FINAL_STATES } from '../../core/classification/states.ts';
import { sessionWorkflowId } from '../../core/session-names.ts';
import { createObjectStore } from '../../storage/index.ts';
import { withDatabase } from '../platform/invariants.ts';
import { code, finish, VALID_EDA } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { until } from '../platform/wait.ts';

type Scripted = Awaited<ReturnType<typeof takeScripted>>;

let scripted: Scripted;
beforeAll(async () => {
  scripted = await takeScripted({ eda: [[code('a report', VALID_EDA)], [finish('done')]] });
}, 240_000);
afterAll(() => scripted?.stop(), 60_000);

const rest = () => scripted.platform.rest;

async function upload(name: string): Promise<string> {
  const form = new FormData();
  form.append('file', new File(['species,mass\nadelie,1\ngentoo,2\nadelie,3\n'], name));
  return (await rest().send<{ id: string }>('POST', '/api/uploads', form)).body.id;
}

/** Rows of any table, deletions that are not finished among them, and objects and folders that name one of the ids. */
async function whatNames(ids: readonly string[]): Promise<string[]> {
  return [...(await tablesThatName(ids)), ...(await objectsThatName(ids)), ...foldersThatName(ids)];
}

/** Forgotten by their age: the key of a repeated request with the id that it gave, and who did what to which id. */
const BY_AGE = ['idempotency_keys', 'audit'];

async function tablesThatName(ids: readonly string[]): Promise<string[]> {
  return await withDatabase(scripted.platform, async (database) => {
    const tables = await database.query<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables.filter((table) => !BY_AGE.includes(table.name))) {
      const rows = await database.query(
        `select from "${name}" t
         where exists (select from unnest($1::text[]) id where strpos(t::text, id) > 0) limit 1`,
        [ids],
      );
      if (rows.length > 0) found.push(`table ${name}`);
    }
    return found;
  });
}

async function objectsThatName(ids: readonly string[]): Promise<string[]> {
  const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY, S3_SECRET_KEY } = scripted.platform.variables();
  const store = createObjectStore({
    ...{ endpoint: S3_ENDPOINT ?? '', region: 'us-east-1', bucket: S3_BUCKET ?? 'tempera' },
    ...{ accessKey: S3_ACCESS_KEY ?? '', secretKey: S3_SECRET_KEY ?? '' },
  });
  const found: string[] = [];
  try {
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const page = await store.list('', { limit: 1_000, cursor });
      found.push(...page.items.map(({ key }) => key).filter((key) => ids.some((id) => key.includes(id))));
      cursor = page.next_cursor;
    }
  } finally {
    store.close();
  }
  return found;
}

function foldersThatName(ids: readonly string[]): string[] {
  const home = join(scripted.platform.home, 'sandbox');
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) =>
    ids.some((id) => path.includes(id)),
  );
}

/** Whether Temporal knows the workflow. */
async function isKnown(workflowId: string): Promise<boolean> {
  const connection = await Connection.connect({
    address: scripted.platform.variables().TEMPORAL_ADDRESS ?? '',
  });
  try {
    await new Client({ connection }).workflow.getHandle(workflowId).describe();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  } finally {
    await connection.close();
  }
}

test('of a deleted experiment nothing is left: no row, object, history, workspace or upload', async () => {
  const upload_id = await upload('penguins.csv');
  const { body: experiment } = await rest().send<{ id: string }>('POST', '/api/experiments', {
    ...{ upload_id, name: 'to be deleted', target: 'species' },
  });
  const session = (await rest().createSession(experiment.id, { model: scripted.name })).id;
  await rest().send('POST', `/api/sessions/${session}/stages/eda/start`, {});
  await rest().waitFor(session, ['eda_done']);
  const steps = (await rest().steps(session)).map(({ id }) => id);
  const ids = [experiment.id, session, upload_id, ...steps];
  const before = await whatNames(ids);
  for (const part of ['table sessions', 'table events', 'table uploads']) expect(before).toContain(part);
  for (const part of ['sessions/', 'datasets/', 'uploads/'])
    expect(before.some((each) => each.startsWith(part))).toBe(true);
  expect(await isKnown(sessionWorkflowId(session))).toBe(true);

  expect((await rest().send('DELETE', `/api/experiments/${experiment.id}`)).status).toBe(204);
  await until('nothing of it is left', async () => {
    const left = await whatNames(ids);
    if (left.length > 0) throw new Error(left.join(', '));
    return true;
  });
  expect(await isKnown(sessionWorkflowId(session))).toBe(false);
}, 240_000);

test('of a deleted data source nothing is left: no run, review, dataset, object or history', async () => {
  const upload_id = await upload('customers.csv');
  const source_body = { display_name: 'to be deleted', source_type: 'files', upload_ids: [upload_id] };
  const { body: source } = await rest().send<{ id: string }>('POST', '/api/data-sources', source_body);
  const run = await until('a run is started', async () => {
    const started = { source_id: source.id };
    const { status, body } = await rest().send<{ run_id: string }>('POST', '/api/fsm/start', started);
    return status === 202 ? body.run_id : null;
  });
  await until('the run has ended', async () => {
    const { state } = await rest().get<{ state: string }>(`/api/fsm/runs/${run}`);
    return FINAL_STATES.some((final) => final === state);
  });
  const reviewed = await rest().send('POST', `/api/fsm/runs/${run}/reviews`, {
    items: [{ column: '0.0', decision: 'none' }],
  });
  expect(reviewed).toMatchObject({ status: 201 });
  const ids = [source.id, run, upload_id];
  const before = await whatNames(ids);
  for (const table of [
    'classification_runs',
    'classified_columns',
    'classified_datasets',
    'reviews',
    'streams',
  ])
    expect(before).toContain(`table ${table}`);
  for (const part of ['sources/', 'classified/', 'uploads/'])
    expect(before.some((each) => each.startsWith(part))).toBe(true);
  expect(await isKnown(classificationWorkflowId(run))).toBe(true);

  expect((await rest().send('DELETE', `/api/data-sources/${source.id}`)).status).toBe(204);
  await until('nothing of it is left', async () => {
    const left = await whatNames(ids);
    if (left.length > 0) throw new Error(left.join(', '));
    return true;
  });
  expect(await isKnown(classificationWorkflowId(run))).toBe(false);
}, 240_000);
