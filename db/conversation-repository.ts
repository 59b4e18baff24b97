/** What a stage run's conversation is made of, read in the one order from which it is rebuilt. */

import type { Message, Step } from '../core/records.ts';
import { STAGES, type Stage } from '../core/stages.ts';
import type { Queryable } from './database.ts';
import type { RunPlace } from './stage-runs-repository.ts';

/** The messages of a stage run: by turn, and in a turn what it consumed, what the model said, what its tools gave. */
export async function conversationMessages(
  q: Queryable,
  { session_id, stage, run }: RunPlace,
): Promise<Message[]> {
  return q.query<Message>(
    `select id, session_id, stage, run, turn, role, content, metadata, created_at from messages
     where session_id = $1 and stage = $2 and run = $3
     order by turn, case role when 'assistant' then 1 when 'tool' then 2 else 0 end,
       metadata->>'kind' = 'brief' desc nulls last, created_at, id`,
    [session_id, stage, run],
  );
}

/** The summaries with which the stages before `stage` were last finished, in order. */
export async function stageSummaries(
  q: Queryable,
  session: string,
  stage: Stage,
): Promise<{ stage: Stage; summary: string }[]> {
  const before = STAGES.slice(0, STAGES.indexOf(stage));
  return q.query<{ stage: Stage; summary: string }>(
    `select distinct on (array_position($2, stage)) stage, input->>'summary' as summary from steps
     where session_id = $1 and stage = any($2) and kind = 'validation' and state = 'done' and input ? 'summary'
     order by array_position($2, stage), run desc`,
    [session, before],
  );
}

/** Which script of its stage run the step is, counted from 1 in the order in which the steps began. */
export async function scriptOrdinal(q: Queryable, step: Step): Promise<number> {
  const [row] = await q.query<{ ordinal: number }>(
    `select count(*) as ordinal from steps
     where session_id = $1 and stage = $2 and run = $3 and tool = 'execute_code' and (started_at, id) <= ($4, $5)`,
    [step.session_id, step.stage, step.run, step.started_at, step.id],
  );
  return Math.max(1, row?.ordinal ?? 1);
}
