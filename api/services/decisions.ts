/** Changes of decisions: what they would do is said from the rows, what they do is the workflow's. */

import { assertAllowed } from '../../core/access/policies.ts';
import { type ChangePlan, planChanges, planOfFork } from '../../core/decision-changes.ts';
import type { Decision } from '../../core/decisions.ts';
import type { Principal } from '../../core/principal.ts';
import { sessionStream } from '../../core/session-names.ts';
import { isBusy } from '../../core/session-rules.ts';
import { withWeighed } from '../../core/weighed-decisions.ts';
import { getSession, listDecisions, listStageRuns, sessionLedger } from '../../db/index.ts';
import { type DecideResult, decideUpdate, startStageUpdate } from '../../workflows/contract/messages.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { DecideBody } from '../schemas.ts';
import { type CommandContext, sendCommand } from './commands.ts';
import { requireExperiment } from './experiments.ts';
import { ofSession, requireSession } from './sessions.ts';

/** Of a session: in force, or with `history` every row, in the order in which they were made; and what waits. */
export interface Ledger {
  items: Decision[];
  queued: Decision[];
}

/** @throws TemperaError NOT_FOUND */
export async function readLedger(
  { db }: ApiDependencies,
  principal: Principal,
  { sessionId, history }: { sessionId: string; history: boolean },
): Promise<Ledger> {
  const ledger = withWeighed(ofSession(await listDecisions(db, principal, sessionId), sessionId));
  return {
    items: history ? ledger : ledger.filter(({ standing }) => standing === 'in_force'),
    queued: ledger.filter(({ standing }) => standing === 'queued'),
  };
}

export type DecideAnswer = DecideResult & { dry_run: boolean };

/**
 * Changes decisions; a fork starts with the first stage that they concern. Who repeats a request gets its answer from
 * the workflow, whatever is possible by now.
 * @throws TemperaError FORBIDDEN; INVALID_DECISION, naming the key and what is possible
 */
export async function changeDecisions(
  dependencies: ApiDependencies,
  context: CommandContext,
  { changes, how, dry_run }: DecideBody,
): Promise<DecideAnswer> {
  if (dry_run) return { ...(await wouldChange(dependencies, context, { changes, how })), dry_run };
  assertAllowed(dependencies.policies.current(), context.principal, 'session:write');
  const done = await sendCommand(dependencies, context, { update: decideUpdate, fields: { changes, how } });
  if (done.how === 'fork') await startFork(dependencies, context, done);
  return { ...done, dry_run };
}

/** What the same request without `dry_run` would do. */
async function wouldChange(
  dependencies: ApiDependencies,
  { principal, sessionId }: CommandContext,
  { changes, how }: Pick<DecideBody, 'changes' | 'how'>,
): Promise<DecideResult> {
  const { db } = dependencies;
  const session = await requireSession(dependencies, principal, sessionId);
  const experiment = await requireExperiment(dependencies, principal, session.experiment_id);
  const known = {
    experiment,
    ledger: await sessionLedger(db, session.id),
    runs: await listStageRuns(db, session.id),
  };
  const plan: ChangePlan = planChanges(known, changes);
  const way = plan.anew.length === 0 ? ('here' as const) : how;
  const shown = way === 'fork' ? planOfFork(plan, known.runs) : plan;
  return { ...shown, session: session.id, how: way, queued: way !== 'fork' && isBusy(session), adopted: [] };
}

/** With the caller's key, so that a repeated request goes on where the first one broke off. */
async function startFork(
  dependencies: ApiDependencies,
  { principal, traceparent }: CommandContext,
  { session: fork, stage }: DecideResult,
): Promise<void> {
  dependencies.hub.notify(sessionStream(fork));
  if (stage === null) return;
  const session = await getSession(dependencies.db, principal, fork);
  if (session === null) return; // deleted since: a repeated request makes no second one
  const order = { session, principal, key: `decided-${fork}`, fields: { stage }, traceparent };
  await dependencies.gateway.send(startStageUpdate, order);
}
