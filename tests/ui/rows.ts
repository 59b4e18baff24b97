/** Rows straight into the database: what a session has after weeks of work, without the weeks. */

import { sessionStream } from '../../core/session-names.ts';
import { createDatabase, type Database, type Transaction } from '../../db/index.ts';
import { rebuildTiers } from '../../db/metric-tiers.ts';
import { thePlace } from './place.ts';

/** Opens the platform's database for `use` and closes it. */
export async function inDatabase<T>(use: (database: Database) => Promise<T>): Promise<T> {
  const database = createDatabase({ url: thePlace().database, poolSize: 2 });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/** Appends `count` events of an agent at work: words, then a step with its output, again and again. */
export async function addEvents(database: Database, session: string, count: number): Promise<void> {
  const stream = sessionStream(session);
  const step = `md5('step ' || (n - n % 4))::uuid::text`;
  await database.transaction(async (tx) => {
    await tx.query('select from streams where stream_id = $1 for update', [stream]);
    await tx.query(
      `insert into events (stream_id, seq, key, type, stage, run, data)
       select $1, last_seq + n, 'many ' || n,
         case n % 4 when 0 then 'agent_message' when 1 then 'tool_start' when 2 then 'code_output' else 'tool_end' end,
         'eda', 1,
         case n % 4
           when 0 then jsonb_build_object('message', md5('message ' || n)::uuid,
           'text', 'Thought ' || n || repeat(' and so on', n % 40))
           when 1 then jsonb_build_object('step', ${step}, 'tool', 'execute_code',
           'title', 'Step ' || n, 'input', jsonb_build_object('code', 'print(1)'))
           when 2 then jsonb_build_object('step', ${step}, 'execution', 1,
           'stream', 'stdout', 'offset', 0, 'text', 'line')
           else jsonb_build_object('step', ${step}, 'tool', 'execute_code',
           'ok', true, 'output', 'line', 'duration_ms', 12) end
       from streams, generate_series(1, $2::integer) n where stream_id = $1`,
      [stream, count],
    );
    await tx.query('update streams set last_seq = last_seq + $2 where stream_id = $1', [stream, count]);
  });
}

/** The two points of `addPoints` that lie outside all others. */
export const EXTREMES = { least: -123, greatest: 456 };

/** Points that one statement adds: within the statement timeout of a busy machine. */
const PIECE = 200_000;
/** Points after which the wave of `addPoints` begins anew: whole coarse buckets, so that the tiers repeat with it. */
const WAVE = 65_536;
const COARSE = 4_096;
const WAVE_VALUE = `sin((n % ${WAVE}) * 2 * pi() / ${WAVE})`;

/** A series `loss` of `count` points: a wave with one value far below and one far above it. */
export async function addPoints(database: Database, session: string, count: number): Promise<void> {
  const lowest = Math.floor(count / 3);
  const highest = Math.floor(count / 2);
  await database.transaction(async (tx) => {
    // all are of one session, which is there: asked for a million times it costs as much as the points
    await tx.query('set local session_replication_role = replica');
    for (let first = 0; first < count; first += PIECE) {
      await tx.query(
        `insert into metrics (session_id, stage, run, name, step, value, step_id, execution, id, created_at)
         select $1::uuid, 'train', 1, 'loss', n,
           case n when $2 then $3::double precision when $4 then $5 else ${WAVE_VALUE} end, $1, 1, $1, now()
         from generate_series($6::integer, $7::integer) n`,
        [
          ...[session, lowest, EXTREMES.least, highest, EXTREMES.greatest],
          ...[first, Math.min(count, first + PIECE) - 1],
        ],
      );
    }
    await tx.query('set local session_replication_role = origin');
    await tx.query(
      `insert into metric_summaries (session_id, stage, run, name, last, last_step, min, max, count)
       select $1, 'train', 1, 'loss', ${WAVE_VALUE}, n, $3, $4, $2::integer
       from (values ($2::integer - 1)) as last (n)`,
      [session, count, EXTREMES.least, EXTREMES.greatest],
    );
    await addTiers(tx, session, { count, apart: [lowest, highest] });
  });
}

/**
 * The tiers of the wave: made once, repeated, and made where it does not repeat: at the steps `apart` and at its
 * end.
 */
async function addTiers(
  tx: Transaction,
  session: string,
  { count, apart }: { count: number; apart: readonly number[] },
): Promise<void> {
  const waves = Math.floor(count / WAVE);
  const make = (buckets: readonly number[]) =>
    rebuildTiers(
      tx,
      { session_id: session, stage: 'train', run: 1 },
      buckets.map((bucket) => ({ run_tag: '', name: 'loss', bucket })),
    );
  await make(bucketsFrom(0, WAVE));
  await tx.query(
    `insert into metric_tiers
       (session_id, stage, run, name, exponent, bucket, count, min, min_step, max, max_step, last, last_step)
     select session_id, stage, run, name, exponent, bucket + wave * (${WAVE} >> exponent), count,
       min, min_step + wave * ${WAVE}, max, max_step + wave * ${WAVE}, last, last_step + wave * ${WAVE}
     from metric_tiers, generate_series(1, $2::integer) wave where session_id = $1`,
    [session, waves - 1],
  );
  await make([
    ...apart.map((step) => Math.floor(step / COARSE)),
    ...bucketsFrom(waves * WAVE, count - waves * WAVE),
  ]);
}

/** The coarse buckets of `count` steps from `first` on, where a bucket begins. */
const bucketsFrom = (first: number, count: number): number[] =>
  Array.from({ length: Math.ceil(count / COARSE) }, (_, at) => first / COARSE + at);
