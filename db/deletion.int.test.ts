/**
 * What a deletion leaves in Postgres: nothing. Which tables name a session, an experiment or a data source is read from
 * the database, so that a new one has to be filled here, and is looked at afterwards.
 */

import { classificationStream } from '../core/classification/names.ts';
import { newId } from '../core/ids.ts';
import { LOCAL } from '../core/principal.ts';
import { deleteDataSource } from './classification/data-sources-repository.ts';
import type { Database } from './database.ts';
import { createStream } from './event-log.ts';
import { deleteExperiment, insertUpload } from './experiments-repository.ts';
import { takeRemovals, uploadUser, useUpload } from './removals-repository.ts';
import { deleteSession } from './sessions-repository.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { addSession, USER_A } from './testing/rows.ts';

let postgres: TestPostgres;
let db: Database;
beforeAll(async () => {
  postgres = await startTestPostgres();
  db = postgres.open();
  await db.query(
    `insert into webhooks (id, owner, url, events, sealed_secret) values (gen_random_uuid(), 'a', 'u', '{}', 's')`,
  );
}, 60_000);
afterAll(() => postgres?.stop());

/** By which a row says what it belongs to. */
const NAMING = ['session_id', 'experiment_id', 'source_id', 'run_id', 'stream_id', 'upload_id'];
/** What a host does now: gone with the execution, and named by no foreign key. */
const OF_HOSTS = ['slot_leases'];

const HASH = 'a'.repeat(64);
/** A row of each table. $1 is the session, $2 the experiment, $3 a step. */
const SESSION_ROWS: Record<string, string> = {
  artifacts: `(id, session_id, stage, run, type, name, path, s3_path, size, sha256)
    values (gen_random_uuid(), $1, 'eda', 1, 'report', 'r', 'eda/r', 's', 1, '${HASH}')`,
  blob_references: `(session_id, sha256) values ($1, '${HASH}')`,
  checkpoints: `(id, session_id, stage, run, step_id, execution, manifest_sha256, files, bytes)
    values (gen_random_uuid(), $1, 'eda', 1, $3, 1, '${HASH}', 1, 1)`,
  decisions: `(id, session_id, key, by) values (gen_random_uuid(), $1, 'target', 'person')`,
  leases: `(session_id, host, address, epoch) values ($1, 'h', 'a', 1)`,
  messages: `(id, session_id, role, content) values (gen_random_uuid(), $1, 'user', '"hello"')`,
  metric_summaries: `(session_id, stage, run, name, last_step, count) values ($1, 'eda', 1, 'loss', 1, 1)`,
  metric_tiers: `(session_id, stage, run, name, exponent, bucket, count, last_step)
    values ($1, 'eda', 1, 'loss', 6, 0, 1, 1)`,
  metrics: `(session_id, stage, run, name, step, step_id, execution) values ($1, 'eda', 1, 'loss', 1, $3, 1)`,
  model_calls: `(session_id, stage, run, turn, request_sha256, state, model)
    values ($1, 'eda', 1, 1, '${HASH}', 'done', 'm')`,
  processed_dataset_meta: `(session_id, experiment_id, columns, feature_columns, target_column, total_rows, train_rows,
    val_rows, test_rows) values ($1, $2, '[]', '[]', 't', 1, 1, 0, 0)`,
  webhook_deliveries: `(id, webhook_id, stream_id, event, payload)
    select gen_random_uuid(), id, 'session/' || $1, 'session.done', '{}' from webhooks`,
  questions: `(id, session_id, step_id, kind, text) values (gen_random_uuid(), $1, $3, 'question', 'why')`,
};

/** $1 is the source, $2 a run of it. */
const SOURCE_ROWS: Record<string, string> = {
  classification_runs: `(id, owner, source_id, state, settings, vocabulary, progress, ended_at)
    values ($2, 'a', $1, 'DONE', '{}', '{"sha256": "${HASH}"}', '{}', now())`,
  classified_tables: `(run_id, position, database, table_name, reference) values ($2, 0, '', 't', '{}')`,
  classified_columns: `(run_id, table_position, column_position, column_name, sample)
    values ($2, 0, 0, 'c', '{}')`,
  classified_datasets: `(id, owner, name, source_id, version_number, is_active, parquet_path, size, sha256, summary)
    values ($2, 'a', 'd', $1, 1, true, 'p', 1, '${HASH}', '{}')`,
  sweep_calls: `(run_id, request_sha256, state, attempts, model) values ($2, '${HASH}', 'done', 1, 'm')`,
  reviews: `(id, source_id, run_id, database, table_name, column_name, decision, by)
    values (gen_random_uuid(), $1, $2, '', 't', 'c', 'accept', 'a')`,
};

async function fill(rows: Record<string, string>, parameters: readonly string[]): Promise<void> {
  for (const [table, values] of Object.entries(rows)) {
    const used = parameters.slice(
      0,
      Math.max(...[...values.matchAll(/\$(\d)/g)].map((each) => Number(each[1]))),
    );
    // a parameter that a statement leaves out has no type
    const text = used.reduce((sql, each, index) => sql.replaceAll(`$${index + 1}`, `'${each}'`), values);
    await db.query(`insert into ${table} ${text}`);
  }
}

/** Tables of which a row holds one of these ids anywhere, by whatever column. */
async function tablesThatName(ids: readonly string[]): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const naming: string[] = [];
  for (const { name } of tables) {
    const rows = await db.query(
      `select from "${name}" t where exists (select from unnest($1::text[]) id where strpos(t::text, id) > 0) limit 1`,
      [ids],
    );
    if (rows.length > 0) naming.push(name);
  }
  return naming;
}

test('every table that can name what is deleted is filled here', async () => {
  const rows = await db.query<{ name: string }>(
    `select distinct table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = any($1)`,
    [NAMING],
  );
  const filled = [...Object.keys(SESSION_ROWS), ...Object.keys(SOURCE_ROWS)];
  // by addSession, or by the tests below
  const others = ['sessions', 'stage_runs', 'steps', 'streams', 'events', 'upload_uses'];
  expect(new Set([...filled, ...others, ...OF_HOSTS])).toEqual(new Set(rows.map(({ name }) => name)));
});

test('of a deleted session no row is left, in whatever table; what lies outside is noted with it', async () => {
  const { session, experiment, stepId } = await addSession(db);
  await fill({ blobs: `(sha256, size) values ('${HASH}', 1) on conflict do nothing` }, ['']);
  await fill(SESSION_ROWS, [session.id, experiment.id, stepId]);
  expect(await tablesThatName([session.id])).toEqual(expect.arrayContaining(Object.keys(SESSION_ROWS)));
  await db.transaction((tx) => deleteSession(tx, USER_A, session.id));
  expect(await tablesThatName([session.id, stepId])).toEqual(['removals']);
  expect(await takeRemovals(db, { partOf: session.id, most: 5 })).toEqual([
    { kind: 'session', subject: session.id },
  ]);
  expect(await takeRemovals(db, { partOf: session.id, most: 5 })).toEqual([]);
});

test('an experiment goes with its sessions, and with its upload unless that made another one too', async () => {
  const [first, second] = [await addSession(db), await addSession(db)];
  const upload = { id: newId(), name: 'x.csv', size: 1, sha256: HASH, s3_path: 'uploads/x' };
  await db.transaction(async (tx) => {
    await insertUpload(tx, USER_A, upload);
    for (const { experiment } of [first, second])
      await useUpload(tx, upload.id, uploadUser.experiment(experiment.id));
  });
  await fill(SESSION_ROWS, [first.session.id, first.experiment.id, first.stepId]);
  await db.transaction((tx) => deleteExperiment(tx, USER_A, first.experiment.id));
  expect(await tablesThatName([first.session.id, first.experiment.id])).toEqual(['removals']);
  expect(await tablesThatName([upload.id])).toEqual(['upload_uses', 'uploads']);
  await db.transaction((tx) => deleteExperiment(tx, USER_A, second.experiment.id));
  expect(await tablesThatName([upload.id])).toEqual(['removals']);
  const left = await takeRemovals(db, { partOf: second.experiment.id, most: 5 });
  expect(left.map(({ kind }) => kind).sort()).toEqual(['experiment', 'session', 'upload']);
});

test('a data source goes with its runs, columns, datasets, reviews, and the text that nobody else reads', async () => {
  const [source, run, vocabulary] = [newId(), newId(), newId()];
  await db.query(`insert into vocabulary_texts (sha256, text) values ('${HASH}', 'old'), ('b', 'now')`);
  await db.query(
    `insert into vocabularies (id, owner, name, form, sha256, terms, leaves) values ($1, 'a', 'v', 'tree', 'b', 1, 1)`,
    [vocabulary],
  );
  await db.query(
    `insert into data_sources (id, owner, source_type, source_uri, display_name, vocabulary_id)
     values ($1, 'a', 'files', 'x', 'x', $2)`,
    [source, vocabulary],
  );
  await fill(SOURCE_ROWS, [source, run]);
  await db.transaction(async (tx) => {
    await createStream(tx, USER_A, classificationStream(run));
  });
  await db.transaction((tx) => deleteDataSource(tx, LOCAL, source));
  expect(await tablesThatName([source, run])).toEqual(['removals']);
  expect(await db.query('select sha256 from vocabulary_texts')).toEqual([{ sha256: 'b' }]);
});
