/**
 * Changes of decisions by a person: rows that count at once, or wait while a stage runs. What has to be made anew is
 * begun in the same transaction, so that nothing is lost between the two.
 */

import {
  type ChangedLedger,
  type ChangePlan,
  type DecisionChange,
  planChanges,
} from '../core/decision-changes.ts';
import { TemperaError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { LimitsSchema } from '../core/limits.ts';
import type { Session } from '../core/records.ts';
import { assertStageMayStart, isBusy } from '../core/session-rules.ts';
import {
  getExperiment,
  getSession,
  insertDecisions,
  listStageRuns,
  type NewDecision,
  type Queryable,
  sessionLedger,
  takeQueued,
  updateSession,
} from '../db/index.ts';
import type { CommandOf, OpenStage, SessionCommand } from '../workflows/contract/activities.ts';
import type { DecideResult } from '../workflows/contract/messages.ts';
import { type Adopted, adoptRuns } from './adoption.ts';
import { type CommandTransaction, createCommandHandler } from './command-handler.ts';
import { decisionEvents } from './decision-records.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { readOpenStage } from './session-loading.ts';
import { openStageRun } from './stage-opening.ts';

export interface DecideRequest {
  changes: DecisionChange[];
}

export function createDecisionChanges(ports: ActivityPorts) {
  const handleCommand = createCommandHandler(ports);
  return {
    /** Changes decisions here; what they concern runs again, at once or when the stage that runs has ended. */
    async decide(
      command: CommandOf<DecideRequest>,
    ): Promise<{ result: DecideResult; open: OpenStage | null }> {
      let open: OpenStage | null = null;
      const { result } = await handleCommand(command, 'decide', async (transaction) => {
        const decided = await decideHere(ports, transaction, command.changes);
        open = decided.open;
        return decided.result;
      });
      return { result, open: open ?? (await openByRows(ports, command)) };
    },

    /**
     * After a stage or a follow-up has ended: what waited takes force, and the first stage that it concerns runs again.
     * @returns null where nothing has to
     */
    async beginQueued(command: SessionCommand): Promise<{ open: OpenStage | null }> {
      let open: OpenStage | null = null;
      const { result } = await handleCommand(command, 'beginQueued', async (transaction) => {
        open = await beginQueued(ports, transaction);
        return { began: open !== null };
      });
      return { open: open ?? (result.began ? await openByRows(ports, command) : null) };
    },
  };
}

/** What is open now: a command that is carried out again after a crash must still set the loop going. */
async function openByRows(
  ports: ActivityPorts,
  { sessionId, owner }: SessionCommand,
): Promise<OpenStage | null> {
  const session = await getSession(ports.database, ownerOf({ owner }), sessionId);
  return session && readOpenStage(ports, session);
}

/** @throws TemperaError INVALID_DECISION */
export async function planFor(
  q: Queryable,
  session: Session,
  changes: readonly DecisionChange[],
): Promise<ChangePlan> {
  return planChanges(await knownOf(q, session), changes);
}

/** What is known of a session when its decisions are to be changed. */
export async function knownOf(q: Queryable, session: Session): Promise<ChangedLedger> {
  const experiment = await getExperiment(q, ownerOf(session), session.experiment_id);
  if (!experiment)
    throw new TemperaError('NOT_FOUND', `The experiment [${session.experiment_id}] of the session is gone.`);
  const ledger = await sessionLedger(q, session.id);
  return { experiment, ledger, runs: await listStageRuns(q, session.id) };
}

/** The person's rows of a plan, of a session. */
export function changedRows(
  session: string,
  { changes }: ChangePlan,
  how: { queued: boolean },
): NewDecision[] {
  const change = newId();
  return changes.map(({ key, from, to, stage, withdraw = false }) => ({
    ...{ id: newId(), session_id: session, stage, run: null, key, by: 'person' as const, change },
    ...{ value: withdraw ? null : to, withdraws: withdraw },
    ...{ reason: changeReason({ from, to, withdraw }), ...how },
  }));
}

function changeReason({ from, to, withdraw }: { from: unknown; to: unknown; withdraw: boolean }): string {
  if (withdraw) return 'it was left to the agent';
  return JSON.stringify(from) === JSON.stringify(to) ? 'it was confirmed' : 'it was changed';
}

async function decideHere(
  ports: ActivityPorts,
  transaction: CommandTransaction,
  changes: readonly DecisionChange[],
): Promise<{ result: DecideResult; open: OpenStage | null }> {
  const { tx, tell, session } = transaction;
  assertNotCancelled(session);
  const plan = await planFor(tx, session, changes);
  const queued = isBusy(session);
  const rows = changedRows(session.id, plan, { queued });
  await insertDecisions(tx, rows);
  const stage = plan.stage ?? undefined;
  await tell(...decisionEvents(rows, { key: `decided/${rows[0]?.id ?? ''}`, ...(stage && { stage }) }));
  await setBudget(transaction, plan);
  const how = plan.anew.length === 0 ? ('here' as const) : ('rerun' as const);
  const result = { ...plan, session: session.id, how, queued, adopted: [] };
  if (queued || how === 'here') return { result, open: null };
  const { open, adopted } = await runAgain(ports, transaction, plan);
  return { result: { ...result, adopted }, open };
}

/** What former runs made so already is taken over; the first stage that none had made so runs. */
async function runAgain(
  ports: ActivityPorts,
  transaction: CommandTransaction,
  { stage, anew }: ChangePlan,
): Promise<{ open: OpenStage | null; adopted: Adopted[] }> {
  if (stage === null) return { open: null, adopted: [] };
  const { session } = transaction;
  assertStageMayStart(stage, session);
  const adopted = await adoptRuns(transaction, stage);
  const following = anew[adopted.length];
  const goesOn = adopted.length === 0 || session.mode === 'auto';
  if (following === undefined || !goesOn) return { open: null, adopted };
  return { open: await openStageRun(ports, transaction, following), adopted };
}

async function beginQueued(ports: ActivityPorts, transaction: CommandTransaction): Promise<OpenStage | null> {
  const { tx, session } = transaction;
  const before = await sessionLedger(tx, session.id);
  const queued = before.filter(({ standing }) => standing === 'queued');
  if (queued.length === 0) return null;
  // the last of a key is what the person wants
  const latest = new Map(
    queued.map(({ key, value, withdraws }) => [key, withdraws ? { key, withdraw: true } : { key, value }]),
  );
  const ledger = before.filter(({ standing }) => standing !== 'queued');
  const known = { ...(await knownOf(tx, session)), ledger };
  const plan = planOrNone(known, [...latest.values()]);
  await takeQueued(tx, session.id);
  await setBudget(transaction, plan);
  return plan.anew.length === 0 ? null : (await runAgain(ports, transaction, plan)).open;
}

/** What was possible when it was asked for, and is not any more, counts all the same; nothing is run for it. */
function planOrNone(known: ChangedLedger, changes: readonly DecisionChange[]): ChangePlan {
  try {
    return planChanges(known, changes);
  } catch (error) {
    if (error instanceof TemperaError && error.code === 'INVALID_DECISION')
      return { changes: [], stage: null, anew: [] };
    throw error;
  }
}

/** Limits hold at once: they make nothing anew. */
async function setBudget({ tx, session }: CommandTransaction, { changes }: ChangePlan): Promise<void> {
  const named = changes.filter(({ key }) => key.startsWith('budget.'));
  if (named.length === 0) return;
  const limits = LimitsSchema.parse({
    ...session.limits,
    ...Object.fromEntries(named.map(({ key, to }) => [key.slice('budget.'.length), to])),
  });
  await updateSession(tx, session.id, { limits });
}

function assertNotCancelled({ state }: Session): void {
  if (state !== 'cancelled') return;
  throw new TemperaError(
    'CONFLICT',
    'The session is cancelled: nothing can be decided in it any more. Fork it, or make a new session.',
  );
}
