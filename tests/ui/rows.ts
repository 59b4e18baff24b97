/** Rows straight into the database: what a session has after weeks of work, without the weeks. */

import { createDatabase, type Database } from '../../db/index.ts';
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
  const stream = `session/${session}`;
  const step = `md5('step ' || (n - n % 4))::uuid::text`;
  await database.transaction(async (tx) => {
    await tx.query('select from streams where stream_id = $1 for update', [stream]);
    await tx.query(
      `insert into events (stream_id, seq, key, type, stage, run, data)
       select $1, last_seq + n, 'many ' || n,
         case n % 4 when 0 then 'agent_message' when 1 then 'tool_start' when 2 then 'code_output' else 'tool_end' end,
         'eda', 1,
         case n % 4
           when 0 then jsonb_build_object('message', md5('message ' || n)::uuid, 'text', 'Thought ' || n || repeat(' and so on', n % 40))
           when 1 then jsonb_build_object('step', ${step}, 'tool', 'execute_code', 'title', 'Step ' || n, 'input', jsonb_build_object('code', 'print(1)'))
           when 2 then jsonb_build_object('step', ${step}, 'execution', 1, 'stream', 'stdout', 'offset', 0, 'text', 'line')
           else jsonb_build_object('step', ${step}, 'tool', 'execute_code', 'ok', true, 'output', 'line', 'duration_ms', 12) end
       from streams, generate_series(1, $2::integer) n where stream_id = $1`,
      [stream, count],
    );
    await tx.query('update streams set last_seq = last_seq + $2 where stream_id = $1', [stream, count]);
  });
}

/** The two points of `addPoints` that lie outside all others. */
export const EXTREMES = { least: -123, greatest: 456 };

const PIECE = 200_000;

/** A series `loss` of `count` points: a wave with one value far below and one far above it. */
export async function addPoints(database: Database, session: string, count: number): Promise<void> {
  const run = { session_id: session, stage: 'train', run: 1 } as const;
  await database.transaction(async (tx) => {
    // in pieces, each within the statement timeout of a busy machine
    for (let first = 1; first <= count; first += PIECE) {
      await tx.query(
        `insert into metrics (session_id, stage, run, name, step, value, step_id, execution)
         select $1, 'train', 1, 'loss', n,
           case n when $2::integer / 3 then $3::double precision when $2::integer / 2 then $4 else sin(n / 5000.0) end,
           $1, 1
         from generate_series($5::integer, $6::integer) n`,
        [session, count, EXTREMES.least, EXTREMES.greatest, first, Math.min(count, first + PIECE - 1)],
      );
    }
    await tx.query(
      `insert into metric_summaries (session_id, stage, run, name, last, last_step, min, max, count)
       values ($1, 'train', 1, 'loss', sin($2 / 5000.0), $2::integer, $3, $4, $2::integer)`,
      [session, count, EXTREMES.least, EXTREMES.greatest],
    );
    const buckets = Array.from({ length: Math.floor(count / 4096) + 1 }, (_, bucket) => ({
      ...{ run_tag: '', name: 'loss', bucket },
    }));
    await rebuildTiers(tx, run, buckets);
  });
}
