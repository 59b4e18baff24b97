/** What events told in words before migration 0060 they tell in fields after it: nobody reads the words. */

import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENT_SCHEMAS, type EventType } from '../core/events.ts';
import { derivedId } from '../core/ids.ts';
import { sessionStream } from '../core/session-names.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';

const MIGRATION = '0060_told_as_fields.sql';
const AT = '2026-01-01T00:00:00.000Z';
const [session, experiment, origin, step, question] = ['s', 'e', 'o', 'step', 'q'].map((name) =>
  derivedId(name),
);
const stream = sessionStream(String(session));

let postgres: TestPostgres;
let folder: string;
let db: Database;

/** A database as the version before the migration left it. */
beforeAll(async () => {
  postgres = await startTestPostgres();
  folder = await mkdtemp(join(tmpdir(), 'tempera-told-'));
  await cp('db/migrations', folder, { recursive: true });
  await rename(join(folder, MIGRATION), join(folder, `${MIGRATION}.later`));
  await postgres.open().query('create database old');
  const url = postgres.url.replace(/postgres$/, 'old');
  await migrate(url, folder);
  db = postgres.open({ url });
}, 60_000);

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('events of the version before say in fields what they said in words', async () => {
  await db.query(
    `insert into experiments (id, owner, name, dataset_ref, dataset) values ($1, 'a', 'x', 's3://x/', '{}')`,
    [experiment],
  );
  await db.query(
    `insert into sessions (id, owner, experiment_id, state, mode, model, limits)
     values ($1, 'a', $2, 'train_done', 'manual', 'm', '{}')`,
    [session, experiment],
  );
  await db.query(`insert into streams (stream_id, owner, last_seq) values ($1, 'a', 9)`, [stream]);
  await db.query(
    `insert into questions (id, session_id, step_id, kind, text, choices, answer, answered_by, answered_at)
     values ($1, $2, $3, 'approval', 'Delete?', '[]', '{"approved": true, "note": "yes"}', 'ann', $4)`,
    [question, session, step, AT],
  );
  await db.query(
    `insert into steps (id, session_id, stage, run, turn, kind, state, execution)
     select gen_random_uuid(), $1, 'eda', 1, turn, 'model', 'running', 2 - turn from generate_series(1, 2) turn`,
    [session],
  );
  const old: [key: string, type: EventType, data: object][] = [
    [
      'forked',
      'state_change',
      { state: 'eda_running', reason: `forked from session ${origin} at step ${step}` },
    ],
    ['forked/stopped', 'waiting', { reason: 'stopped' }],
    [`${step}/1/file/eda/a.png`, 'file_created', { path: 'eda/a.png', name: 'a.png', stage: 'eda', size: 1 }],
    [`${step}/approval`, 'approval', { id: question, action: 'Delete?' }],
    ['w/approval', 'waiting', { reason: 'approval', subject: question }],
    ['w/none', 'waiting', { reason: null }],
    ['w/later', 'waiting', { reason: null }],
    ['follow-up/2/opened', 'state_change', { state: 'train_done', reason: 'follow-up 2 opened' }],
    ['eda/1/failed', 'state_change', { state: 'failed', reason: 'follow-up 1 done wrong' }],
  ];
  for (const [at, [key, type, data]] of old.entries())
    await db.query('insert into events (stream_id, seq, key, type, data) values ($1, $2, $3, $4, $5)', [
      ...[stream, at + 1, key, type, JSON.stringify(data)],
    ]);
  await rename(join(folder, `${MIGRATION}.later`), join(folder, MIGRATION));
  await migrate(db.url, folder);
  const events = await db.query<{ type: EventType; data: object }>(
    'select type, data from events order by seq',
  );
  const answers = { question, answer: { approved: true, note: 'yes' }, by: 'ann', at: expect.any(String) };
  const added: object[] = [
    { forked_from: { session: origin, step } },
    { forked: true },
    { step },
    {},
    {},
    { answers },
    {},
    { follow_up: { n: 2, change: 'opened' } },
    {},
  ];
  expect(events.map(({ data }) => data)).toEqual(old.map(([, , data], at) => ({ ...data, ...added[at] })));
  for (const { type, data } of events) expect(EVENT_SCHEMAS[type].parse(data)).toEqual(data);
});

test('a turn that had taken what waited takes nothing more; one that had not still does', async () => {
  const rows = await db.query('select turn, messages_consumed from steps order by turn');
  expect(rows).toEqual([
    { turn: 1, messages_consumed: true },
    { turn: 2, messages_consumed: false },
  ]);
});
