/**
 * Reading a session whole, and writing the rows of a fork of it as they stand. Callers hold the origin
 * (lockSession).
 */

import type { Message, StageRun, Step } from '../core/records.ts';
import type { Checkpoint } from './checkpoints-repository.ts';
import type { Queryable, Transaction } from './database.ts';
import type { StoredDecision } from './decisions-repository.ts';
import type { MetricPoint } from './metric-point.ts';
import { insertMetrics } from './metrics-repository.ts';
import type { Question } from './questions-repository.ts';
import { toJson } from './sql.ts';

/** An event with the key under which it was appended. */
export interface KeyedEvent {
  seq: number;
  key: string;
  type: string;
  stage: string | null;
  run: number | null;
  data: Record<string, unknown>;
  created_at: string;
}

const COLUMNS = {
  stage_runs:
    'session_id, stage, run, state, reason, stale, prompt_version, base, checkpoint, started_at, ended_at',
  steps: `id, session_id, stage, run, turn, call, kind, tool, title, state, epoch, execution, base, checkpoint, input,
    output, output_offset, metrics_offset, usage, cost, started_at, ended_at`,
  messages: 'id, session_id, stage, run, turn, role, content, metadata, created_at',
  checkpoints:
    'id, session_id, stage, run, step_id, execution, base, manifest_sha256, files, bytes, ' +
    'live, created_at, released_at',
  decisions: `id, session_id, stage, run, key, value, alternatives, reason, evidence, confidence, by, step_id,
    execution, inherited_from, to_confirm, yields, queued, withdraws, change, undoes, created_at`,
  questions: 'id, session_id, step_id, kind, text, choices, answer, answered_by, created_at, answered_at',
} as const;

interface Rows {
  stage_runs: StageRun;
  steps: Step;
  messages: Message;
  checkpoints: Checkpoint;
  decisions: StoredDecision;
  questions: Question;
}

const ROWS_OF_ONE_INSERT = 500;
const POINTS_OF_ONE_INSERT = 5_000;
const EVENTS_OF_ONE_INSERT = 1_000;

/** Writes rows as they are, in their order. */
export async function copyRows<Table extends keyof Rows>(
  tx: Transaction,
  table: Table,
  rows: readonly Rows[Table][],
): Promise<void> {
  const columns = COLUMNS[table];
  for (let at = 0; at < rows.length; at += ROWS_OF_ONE_INSERT) {
    await tx.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
      [toJson(rows.slice(at, at + ROWS_OF_ONE_INSERT))],
    );
  }
}

/** All of a session's messages, checkpoints, decisions and answered questions, each in the order of writing. */
export async function readWhole(
  q: Queryable,
  session: string,
): Promise<{
  messages: Message[];
  checkpoints: Checkpoint[];
  decisions: StoredDecision[];
  questions: Question[];
}> {
  const read = <Row>(table: keyof Rows, order: string) =>
    q.query<Row>(`select ${COLUMNS[table]} from ${table} where session_id = $1 order by ${order}`, [session]);
  const questions = await read<Question>('questions', 'created_at, id');
  return {
    messages: await read<Message>('messages', 'position'),
    checkpoints: await read<Checkpoint>('checkpoints', 'position'),
    decisions: await read<StoredDecision>('decisions', 'position'),
    questions: questions.filter((question) => question.answered_at !== null),
  };
}

/** Keeps every blob of the origin for the fork, too. */
export async function copyBlobReferences(tx: Transaction, origin: string, fork: string): Promise<void> {
  await tx.query(
    `insert into blob_references (session_id, sha256)
     select $2, sha256 from blob_references where session_id = $1 order by sha256`,
    [origin, fork],
  );
}

/** Copies what a step has logged. */
export async function copyMetrics(tx: Transaction, step: Step, to: Step): Promise<void> {
  const points = await tx.query<MetricPoint>(
    'select run_tag, name, step, value, flag from metrics where step_id = $1 order by run_tag, name, step',
    [step.id],
  );
  const { session_id, stage, run, id: step_id, execution } = to;
  const source = { session_id, stage, run, step_id, execution };
  for (let at = 0; at < points.length; at += POINTS_OF_ONE_INSERT)
    await insertMetrics(tx, source, points.slice(at, at + POINTS_OF_ONE_INSERT));
}

/** The number of the last event whose key is one of `keys` or begins with one of `prefixes`; 0 when there is none. */
export async function lastSeqOf(
  q: Queryable,
  streamId: string,
  { keys, prefixes }: { keys: string[]; prefixes: string[] },
): Promise<number> {
  const rows = await q.query<{ seq: number | null }>(
    `select max(seq) as seq from events where stream_id = $1 and (key = any($2)
       or exists (select from unnest($3::text[]) prefix where starts_with(key, prefix)))`,
    [streamId, keys, prefixes],
  );
  return rows[0]?.seq ?? 0;
}

/** Copies a stream's first events into another, empty one under the same numbers, each as `rename` gives it. */
export async function copyEvents(
  tx: Transaction,
  { from, to, upTo }: { from: string; to: string; upTo: number },
  rename: (event: KeyedEvent) => KeyedEvent,
): Promise<void> {
  for (let after = 0; after < upTo; after += EVENTS_OF_ONE_INSERT) {
    const events = await tx.query<KeyedEvent>(
      `select seq, key, type, stage, run, data, created_at from events
       where stream_id = $1 and seq > $2 and seq <= least($2 + $4, $3::bigint) order by seq`,
      [from, after, upTo, EVENTS_OF_ONE_INSERT],
    );
    await tx.query(
      `insert into events (stream_id, seq, key, type, stage, run, data, created_at)
       select $2, seq, key, type, stage, run, data, created_at from jsonb_populate_recordset(null::events, $1::jsonb)`,
      [toJson(events.map(rename)), to],
    );
  }
  await tx.query('update streams set last_seq = $2 where stream_id = $1', [to, upTo]);
}

/** Events of one run of the types named, in their order, with their keys. */
export function eventsOfRun(
  q: Queryable,
  streamId: string,
  { stage, run, types }: { stage: string; run: number; types: readonly string[] },
): Promise<KeyedEvent[]> {
  return q.query<KeyedEvent>(
    `select seq, key, type, stage, run, data, created_at from events
     where stream_id = $1 and stage = $2 and run = $3 and type = any($4) order by seq`,
    [streamId, stage, run, types],
  );
}
