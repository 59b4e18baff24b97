/**
 * Steps: one model call or tool call of a stage run, and the fence before it.
 *
 * Every attempt takes an epoch; every write names it. A write whose epoch is lower than the row's is refused as
 * SUPERSEDED, so that an attempt that was paused and wakes up changes nothing.
 */

import { TemperaError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Step } from '../core/records.ts';
import type { Stage } from '../core/stages.ts';
import type { StepOutput } from '../core/step-output.ts';
import type { Queryable, Transaction } from './database.ts';
import { assignments, type ColumnKind, only, ownerFilter, toJson } from './sql.ts';
import type { RunPlace } from './stage-runs-repository.ts';
import { listVisible } from './visibility.ts';

/** An attempt at a step: what it writes is refused where a newer one has the step. */
export interface Attempt {
  step: string;
  epoch: number;
}

export type NewStep = Pick<Step, 'id' | 'session_id' | 'stage' | 'run' | 'turn' | 'call' | 'kind' | 'epoch'> &
  Partial<Pick<Step, 'tool' | 'title' | 'base' | 'input'>>;

export type StepPatch = Partial<
  Pick<
    Step,
    | 'state'
    | 'title'
    | 'execution'
    | 'base'
    | 'checkpoint'
    | 'input'
    | 'output_offset'
    | 'metrics_offset'
    | 'usage'
    | 'cost'
    | 'ended_at'
  >
> & { output?: StepOutput | null };

const COLUMNS: Record<keyof StepPatch, ColumnKind> = {
  state: 'plain',
  title: 'plain',
  execution: 'plain',
  base: 'plain',
  checkpoint: 'plain',
  input: 'json',
  output: 'json',
  output_offset: 'plain',
  metrics_offset: 'plain',
  usage: 'json',
  cost: 'plain',
  ended_at: 'plain',
};

const NAMES = [
  ...[
    'id',
    'session_id',
    'stage',
    'run',
    'turn',
    'call',
    'kind',
    'tool',
    'title',
    'state',
    'epoch',
    'execution',
  ],
  ...['base', 'checkpoint', 'input', 'output', 'output_offset', 'metrics_offset', 'usage', 'cost'],
  ...['started_at', 'ended_at'],
];
const SELECT = NAMES.map((name) => `t.${name}`).join(', ');

/** An epoch higher than every one handed out before. A rolled-back transaction leaves a hole, which is harmless. */
export async function takeEpoch(tx: Queryable): Promise<number> {
  const rows = await tx.query<{ epoch: number }>(`select nextval('epochs') as epoch`);
  return only(rows).epoch;
}

/**
 * Makes the step, or takes it over by raising its epoch; the rest of an existing row stays (it may be `done`).
 * @throws TemperaError SUPERSEDED when the row has a higher epoch.
 */
export async function beginStep(tx: Transaction, step: NewStep): Promise<Step> {
  const rows = await tx.query<Step>(
    `insert into steps as t (id, session_id, stage, run, turn, call, kind, tool, title, base, input, epoch, state,
       ledger_position)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'running',
       (select coalesce(max(position), 0) from decisions where session_id = $2))
     on conflict (id) do update set epoch = excluded.epoch where t.epoch <= excluded.epoch
     returning ${SELECT}`,
    [
      step.id,
      step.session_id,
      step.stage,
      step.run,
      step.turn,
      step.call,
      step.kind,
      step.tool ?? null,
      step.title ?? '',
      step.base ?? null,
      toJson(step.input ?? {}),
      step.epoch,
    ],
  );
  return rows[0] ?? superseded(step.id, step.epoch);
}

/**
 * Holds the step until `tx` ends.
 * @throws TemperaError SUPERSEDED when a newer attempt has it; NOT_FOUND when it is gone.
 */
export async function fenceStep(tx: Transaction, { step: id, epoch }: Attempt): Promise<Step> {
  const rows = await tx.query<Step>(`select ${SELECT} from steps t where t.id = $1 for update`, [id]);
  const [step] = rows;
  if (step === undefined) throw new TemperaError('NOT_FOUND', `Step ${id} is gone; nothing is changed.`);
  return step.epoch > epoch ? superseded(id, epoch) : step;
}

/**
 * Changes what `patch` names, behind the fence; a step that leaves `running` gets its end time unless the patch
 * names one.
 * @throws TemperaError SUPERSEDED when a newer attempt has it; NOT_FOUND when it is gone.
 */
export async function updateStep(tx: Transaction, attempt: Attempt, patch: StepPatch): Promise<Step> {
  const { list, parameters } = assignments(patch, COLUMNS, 3);
  const ends = patch.state !== undefined && patch.state !== 'running' && patch.ended_at === undefined;
  const changes = [...list, ends ? 'ended_at = clock_timestamp()' : 'epoch = t.epoch'].join(', ');
  const rows = await tx.query<Step>(
    `update steps t set ${changes} where t.id = $1 and t.epoch <= $2 returning ${SELECT}`,
    [attempt.step, attempt.epoch, ...parameters],
  );
  return rows[0] ?? (await fenceStep(tx, attempt));
}

/** Ends what is still open in a stage run that has ended, because no attempt at it is left, and returns it. */
export function failOpenSteps(tx: Transaction, { session_id, stage, run }: RunPlace): Promise<Step[]> {
  return tx.query<Step>(
    `update steps t set state = 'failed', ended_at = clock_timestamp()
     where t.session_id = $1 and t.stage = $2 and t.run = $3 and t.state = 'running' returning ${SELECT}`,
    [session_id, stage, run],
  );
}

/** The step, or null when it is absent or its session is not the principal's. */
export async function getStep(q: Queryable, principal: Principal, id: string): Promise<Step | null> {
  if (!isId(id)) return null;
  const rows = await q.query<Step>(
    `select ${SELECT} from steps t join sessions s on s.id = t.session_id
     where t.id = $1 and ($2::text is null or s.owner = $2)`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/**
 * The session's steps in the order in which they ran, what a run took over beside what it took; null when the session
 * is absent or not the principal's.
 */
export async function listSteps(
  q: Queryable,
  principal: Principal,
  { session, stage, run }: { session: string; stage?: Stage | undefined; run?: number | undefined },
): Promise<Step[] | null> {
  return listVisible(q, { principal, session }, () =>
    q.query<Step>(
      `select ${SELECT} from steps t
       where t.session_id = $1 and ($2::text is null or t.stage = $2) and ($3::integer is null or t.run = $3)
       order by t.started_at, t.run, t.turn, t.call`,
      [session, stage ?? null, run ?? null],
    ),
  );
}

function superseded(id: string, epoch: number): never {
  const message = `Step ${id} has been taken over by an attempt after epoch ${epoch}; this one may change nothing.`;
  throw new TemperaError('SUPERSEDED', message, { details: { step: id, epoch } });
}
