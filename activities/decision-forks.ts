/** Changed decisions in a session of its own: it goes on from just before the first stage that they concern. */

import type { ChangePlan } from '../core/decision-changes.ts';
import { isSettled } from '../core/decisions.ts';
import { TemperaError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Session, StageRun, Step } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { type Stage, stageBefore } from '../core/stages.ts';
import {
  appendEvents,
  createStream,
  getSession,
  insertDecisions,
  insertSession,
  listStageRuns,
  listSteps,
  sessionLedger,
} from '../db/index.ts';
import type { CommandOf, SessionCommand } from '../workflows/contract/activities.ts';
import type { DecideResult } from '../workflows/contract/messages.ts';
import { type CommandTransaction, createCommandHandler, principalOf } from './command-handler.ts';
import { changedRows, createDecisionChanges, type DecideRequest, planFor } from './decision-changes.ts';
import { decisionEvents } from './decision-records.ts';
import { forkId, prepareFork, writeFork } from './forks.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

export function createDecisionForks(ports: ActivityPorts) {
  const handleCommand = createCommandHandler(ports);
  const decisions = createDecisionChanges(ports);
  return {
    /**
     * Changes decisions in a session of its own, which stands just before the first stage that they concern; what
     * concerns no stage that has run holds here.
     */
    async decideByFork({ at, ...command }: CommandOf<DecideRequest & { at: number }>): Promise<DecideResult> {
      return whileHeartbeating(async () => {
        const { session, plan } = await planned(ports, command);
        if (plan.stage === null || plan.anew.length === 0) return (await decisions.decide(command)).result;
        const step = finishBefore(plan.stage, await stepsAndRuns(ports, session));
        const prepared = step === null ? null : await prepareFork(ports, { ...command, step }, at);
        const fork = prepared?.fork ?? forkId({ ...command, step: '' }, at);
        const { result } = await handleCommand(command, 'decide', async (transaction) => {
          const again = await planFor(transaction.tx, transaction.session, command.changes);
          if (prepared) await writeFork(transaction, prepared);
          else await writeFresh(transaction, fork);
          await writeDecided(transaction, { fork, plan: again, copied: prepared?.plan.decisions });
          return { ...again, session: fork, how: 'fork' as const, queued: false, adopted: [] };
        });
        return result;
      });
    },
  };
}

async function planned(ports: ActivityPorts, command: SessionCommand & DecideRequest) {
  const session = await getSession(ports.database, principalOf(command), command.sessionId);
  if (!session) throw new TemperaError('NOT_FOUND', `There is no session [${command.sessionId}].`);
  return { session, plan: await planFor(ports.database, session, command.changes) };
}

async function stepsAndRuns({ database }: ActivityPorts, session: Session) {
  const steps = (await listSteps(database, ownerOf(session), { session: session.id })) ?? [];
  return { steps, runs: await listStageRuns(database, session.id) };
}

/** The step with which the stage before was last done; null before the first stage. */
function finishBefore(
  stage: Stage,
  { steps, runs }: { steps: readonly Step[]; runs: readonly StageRun[] },
): string | null {
  const before = stageBefore(stage);
  if (before === null) return null;
  const run = runs.findLast((each) => each.stage === before && each.state === 'done' && !each.stale);
  const finish = steps.findLast(
    (each) =>
      each.stage === before && each.run === run?.run && each.kind === 'validation' && each.state === 'done',
  );
  if (!finish)
    throw new TemperaError('CONFLICT', `No run of ${before} is done that ${stage} could go on from.`);
  return finish.id;
}

/** A session of the same experiment in which nothing has run. */
async function writeFresh({ tx, session }: CommandTransaction, fork: string): Promise<void> {
  const owner = ownerOf(session);
  const { experiment_id, mode, model, limits } = session;
  const forked_from = { session: session.id, step: null };
  await insertSession(tx, owner, { id: fork, experiment_id, mode, model, limits, forked_from });
  await createStream(tx, owner, sessionStream(fork));
  const reason = `with other decisions than session ${session.id}`;
  await appendEvents(tx, sessionStream(fork), [
    { key: 'created', type: 'state_change', data: { state: 'created', reason } },
  ]);
}

/** All that is settled, also after what the fork takes over, and the changes. */
async function writeDecided(
  { tx, session }: CommandTransaction,
  {
    fork,
    plan,
    copied = new Set(),
  }: { fork: string; plan: ChangePlan; copied?: ReadonlySet<string> | undefined },
): Promise<void> {
  const changed = new Set(plan.changes.map(({ key }) => key));
  const held = (await sessionLedger(tx, session.id)).filter(
    (each) =>
      ((each.standing === 'in_force' && isSettled(each)) || each.standing === 'withdrawn') &&
      !copied.has(each.id) &&
      !changed.has(each.key),
  );
  const rows = [
    ...held.map(({ stage, key, value, by, reason, inherited_from, to_confirm, withdraws }) => ({
      ...{ id: newId(), session_id: fork, stage, run: null, key, value, by },
      ...{ reason, inherited_from, to_confirm, withdraws },
    })),
    ...changedRows(fork, plan, { queued: false }),
  ];
  await insertDecisions(tx, rows);
  const stage = plan.stage ?? undefined;
  const place = { key: `decided/${rows[0]?.id ?? ''}`, ...(stage && { stage }) };
  await appendEvents(tx, sessionStream(fork), decisionEvents(rows, place));
}
