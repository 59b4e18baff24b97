/**
 * A fork: a new session that holds what another had up to one of its steps and goes on from there. The origin is only
 * read. Model calls are not copied: what the fork's usage counts is what the fork itself has paid.
 */

import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { derivedId, newId, sha256 } from '../core/ids.ts';
import { assertMayChange } from '../core/principal.ts';
import type { Session, Step } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { validationOutput } from '../core/step-output.ts';
import {
  appendEvents,
  copyBlobReferences,
  copyEvents,
  copyMetrics,
  copyRows,
  createStream,
  getSession,
  insertSession,
  lastSeqOf,
  listStageRuns,
  listSteps,
  readWhole,
  updateSession,
  upsertArtifacts,
  upsertProcessedDataset,
} from '../db/index.ts';
import type { CommandOf, SessionCommand } from '../workflows/contract/activities.ts';
import { type SyncedArtifact, syncArtifacts } from './artifacts.ts';
import { type CommandTransaction, createCommandHandler, principalOf } from './command-handler.ts';
import { type ForkPlan, type Origin, planFork, renamed } from './fork-plan.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { answerMessageId, ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { processedDataset } from './validation.ts';
import { readManifest } from './workspaces.ts';

export interface ForkRequest {
  step: string;
  /** When it was asked for, in milliseconds: part of the fork's id, so that a repeated attempt makes the same. */
  at: number;
}

/** A fork that is ready to be written. */
export interface PreparedFork {
  fork: string;
  target: Step;
  origin: Origin;
  plan: ForkPlan;
  artifacts: SyncedArtifact[];
}

export function createForks(ports: ActivityPorts) {
  const handleCommand = createCommandHandler(ports);
  return {
    async forkSession({ at, ...command }: CommandOf<ForkRequest>): Promise<{ session: string }> {
      return whileHeartbeating(async () => {
        const prepared = await prepareFork(ports, command, at);
        const { result } = await handleCommand(command, 'fork', async (transaction) => {
          await writeFork(transaction, prepared);
          return { session: prepared.fork };
        });
        return result;
      });
    },
  };
}

export async function prepareFork(
  ports: ActivityPorts,
  command: SessionCommand & { step: string },
  at: number,
): Promise<PreparedFork> {
  const { database } = ports;
  const principal = principalOf(command);
  assertMayChange(principal);
  const { sessionId: id, step } = command;
  const session = await getSession(database, principal, id);
  if (!session) throw new TemperaError('NOT_FOUND', `There is no session [${id}].`);
  const steps = (await listSteps(database, principal, { session: id })) ?? [];
  const runs = await listStageRuns(database, id);
  const { messages, checkpoints, decisions } = await readWhole(database, id);
  const fork = forkId(command, at);
  const origin: Origin = { id, owner: session.owner, runs, steps, messages, checkpoints, decisions };
  const plan = planFork(origin, fork, step);
  const base = checkpoints.find(({ id: checkpoint }) => checkpoint === plan.base);
  if (base?.released_at) {
    const most = ports.settings.checkpointBytes.toLocaleString('en');
    throw new TemperaError(
      'CONFLICT',
      `The files as they were after this step are given up: a session keeps at most ${most} ` +
        'bytes of checkpoints (MAX_CHECKPOINT_BYTES). Fork at a later step.',
    );
  }
  const target = steps.find((each) => each.id === step);
  if (!target) throw new TemperaError('NOT_FOUND', `There is no step [${step}] in session [${id}].`);
  return {
    fork,
    target,
    origin,
    plan,
    artifacts: await syncRuns(ports, plan, { fork, owner: session.owner }),
  };
}

/** A UUIDv7 that depends on the command: every attempt at it prepares the same fork. */
export function forkId(
  { key, sessionId, step, principal }: SessionCommand & { step: string },
  at: number,
): string {
  const random = Buffer.from(sha256(JSON.stringify([sessionId, step, principal?.id, key])), 'hex');
  return newId(at, random.subarray(0, 10));
}

/** The files of the done runs, under the fork's own keys: the origin may be deleted. */
async function syncRuns(
  ports: ActivityPorts,
  { runs }: ForkPlan,
  { fork, owner }: { fork: string; owner: string },
): Promise<SyncedArtifact[]> {
  const artifacts: SyncedArtifact[] = [];
  for (const { stage, run, state, checkpoint, stale } of runs) {
    if (state !== 'done' || checkpoint === null) continue;
    const entries = await readManifest(ports, checkpoint);
    const synced = await syncArtifacts(ports, { sessionId: fork, owner, stage, run }, entries);
    artifacts.push(...synced.map((artifact) => ({ ...artifact, stale })));
  }
  return artifacts;
}

export async function writeFork({ tx, session }: CommandTransaction, prepared: PreparedFork): Promise<void> {
  const { fork, origin, plan, target } = prepared;
  const owner = ownerOf(session);
  await insertSession(tx, owner, {
    id: fork,
    experiment_id: session.experiment_id,
    mode: session.mode,
    model: session.model,
    limits: session.limits,
    state: plan.state,
    forked_from: { session: origin.id, step: target.id },
  });
  await updateSession(tx, fork, {
    stop_after_step: plan.open,
    waiting: plan.open ? { reason: 'stopped' } : null,
  });
  await writeRows(tx, prepared);
  await copyBlobReferences(tx, origin.id, fork);
  await upsertArtifacts(tx, prepared.artifacts);
  await writeProcessedDataset(tx, session, prepared);
  await writeEvents(tx, session, prepared);
}

async function writeRows(tx: CommandTransaction['tx'], { origin, plan }: PreparedFork): Promise<void> {
  const { ids } = plan;
  const { checkpoints, decisions, questions } = await readWhole(tx, origin.id);
  const own = new Set(plan.steps.map((step) => step.id));
  // what they cost was paid by the origin
  const steps = plan.steps.map((step) => ({ ...renamed(step, ids), usage: null, cost: 0 }));
  await copyRows(tx, 'stage_runs', renamed(plan.runs, ids));
  await copyRows(tx, 'steps', steps);
  await copyRows(tx, 'messages', renamed(plan.messages, ids));
  const taken = checkpoints.filter((checkpoint) => own.has(checkpoint.step_id));
  await copyRows(tx, 'checkpoints', renamed(taken, ids));
  const decided = decisions.filter(({ id }) => plan.decisions.has(id));
  await copyRows(tx, 'decisions', renamed(decided, ids));
  const copied = new Set(plan.messages.map((message) => message.id));
  // a question whose answer is in the conversation; an open one is asked again
  const asked = questions.filter((question) => copied.has(derivedId('message', question.step_id, 'tool')));
  await copyRows(tx, 'questions', renamed(asked, ids));
  for (const [at, step] of plan.steps.entries()) {
    const to = steps[at];
    if (to && step.tool === 'execute_code') await copyMetrics(tx, step, to);
  }
}

/** What the last prep run that is taken over made of the dataset. */
async function writeProcessedDataset(
  tx: CommandTransaction['tx'],
  session: Session,
  { fork, plan }: PreparedFork,
): Promise<void> {
  const prepared = plan.steps.findLast(
    ({ stage, kind, state }) => stage === 'prep' && kind === 'validation' && state === 'done',
  );
  if (!prepared) return;
  const { facts } = validationOutput(prepared);
  const row = processedDataset(fork, session.experiment_id, facts);
  if (row) await upsertProcessedDataset(tx, row);
}

/** The origin's events up to the step under the same numbers, then where the fork stands. */
async function writeEvents(
  tx: CommandTransaction['tx'],
  session: Session,
  { fork, origin, plan, target }: PreparedFork,
): Promise<void> {
  const { stage, run, turn } = target;
  const answer = answerMessageId({ sessionId: origin.id, owner: origin.owner, stage, run, turn });
  const ended = target.kind === 'validation' && target.state === 'done' ? [`${stage}/${run}/done`] : [];
  const keys = target.call === '' ? [answer, `${answer}/usage`] : ended;
  const from = sessionStream(origin.id);
  const to = sessionStream(fork);
  const upTo = await lastSeqOf(tx, from, { keys, prefixes: [`${target.id}/`] });
  await createStream(tx, ownerOf(session), to);
  await copyEvents(tx, { from, to, upTo }, (event) => {
    const { key, data } = renamed({ key: event.key, data: event.data }, plan.ids);
    return { ...event, key, data };
  });
  const data = {
    state: plan.state,
    reason: `forked from session ${origin.id} at step ${target.id}`,
    forked_from: { session: origin.id, step: target.id },
  };
  // an origin that is a fork itself has told of that under its own origin's name
  const key = `forked/${origin.id}`;
  const list: NewEvent[] = [{ key, type: 'state_change', stage, run, data }];
  const stopped = { reason: 'stopped', forked: true } as const;
  if (plan.open) list.push({ key: `${key}/stopped`, type: 'waiting', stage, run, data: stopped });
  await appendEvents(tx, to, list);
}
