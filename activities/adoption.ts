/**
 * Undo: a stage takes over what a former run of it left, as its next run: rows, artifacts and checkpoint. The former
 * run stays as it is; nothing is computed, and its steps cost nothing again.
 */

import { adoptableRun } from '../core/adoption.ts';
import { inForce, isSettled } from '../core/decisions.ts';
import type { NewEvent } from '../core/events.ts';
import { derivedId } from '../core/ids.ts';
import type { Artifact, Message, StageRun, Step } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { doneState } from '../core/session-state.ts';
import { STAGES, type Stage, stageBefore, stagesAfter } from '../core/stages.ts';
import { validationOutput } from '../core/step-output.ts';
import {
  type Checkpoint,
  copyMetrics,
  copyRows,
  eventsOfRun,
  insertStageRun,
  latestStageRun,
  ledgerEnds,
  listArtifacts,
  listStageRuns,
  listSteps,
  markStale,
  nextRun,
  readWhole,
  type StoredDecision,
  sessionLedger,
  type Transaction,
  updateSession,
  updateStageRun,
  upsertArtifacts,
  upsertProcessedDataset,
} from '../db/index.ts';
import type { CommandTransaction } from './command-handler.ts';
import { renamed } from './fork-plan.ts';
import { answerMessageId, ownerOf, resultMessageId, stepId } from './keys.ts';
import { processedDataset } from './validation.ts';

/** What of a run's past readers of the new one are shown. */
const SHOWN = [
  'validation_result',
  'chart_config',
  'rich_log',
  'report_ready',
  'files_ready',
  's3_sync_complete',
];

/** A run that took over what a former one had left. */
export interface Adopted {
  stage: Stage;
  run: number;
  /** The former run. */
  of: number;
}

/** Takes over former runs from `stage` on, as far as they were made as it is wanted now. */
export async function adoptRuns(transaction: CommandTransaction, stage: Stage): Promise<Adopted[]> {
  const adopted: Adopted[] = [];
  for (const each of STAGES.slice(STAGES.indexOf(stage))) {
    const former = await formerRun(transaction, each);
    if (former === null) break;
    adopted.push(await adopt(transaction, former));
  }
  return adopted;
}

/** Runs that began at the same files are alike, by whatever name their checkpoints go. */
async function formerRun({ tx, session }: CommandTransaction, stage: Stage): Promise<StageRun | null> {
  const { checkpoints } = await readWhole(tx, session.id);
  const files = new Map(checkpoints.map(({ id, manifest_sha256 }) => [id, manifest_sha256]));
  const filesAt = (id: string | null) => (id === null ? null : (files.get(id) ?? id));
  const runs = await listStageRuns(tx, session.id);
  const past = {
    runs: runs.map((run) => ({ ...run, base: filesAt(run.base) })),
    ledger: await sessionLedger(tx, session.id),
    ends: await ledgerEnds(tx, session.id),
  };
  const found = adoptableRun(past, stage, filesAt(await baseOf(tx, session.id, stage)));
  const former = runs.find((run) => run.stage === stage && run.run === found?.run);
  const held = checkpoints.find(({ id }) => id === former?.checkpoint);
  // its files may have been given up
  return held === undefined || held.released_at !== null ? null : (former ?? null);
}

/** Where a run of the stage would begin now. */
async function baseOf(tx: Transaction, session: string, stage: Stage): Promise<string | null> {
  const before = stageBefore(stage);
  return before === null ? null : ((await latestStageRun(tx, session, before))?.checkpoint ?? null);
}

async function adopt(transaction: CommandTransaction, former: StageRun): Promise<Adopted> {
  const { tx, session } = transaction;
  const { stage, prompt_version } = former;
  const run = await nextRun(tx, session.id, stage);
  const place = { session_id: session.id, stage, run };
  const stale = await markStale(tx, session.id, stagesAfter(stage));
  const base = await baseOf(tx, session.id, stage);
  await insertStageRun(tx, { ...place, state: 'running', prompt_version, base });
  const { steps, checkpoint } = await copyRun(transaction, former, run);
  const reason = `as run ${former.run} had made it`;
  await updateStageRun(tx, place, { state: 'done', checkpoint, reason });
  await copyArtifacts(transaction, former, run);
  await copyDataset(transaction, stage, steps);
  const state = doneState(stage);
  await updateSession(tx, session.id, { state, failed_stage: null, waiting: null });
  const shown = await eventsOfRun(tx, sessionStream(session.id), { stage, run: former.run, types: SHOWN });
  const key = `${stage}/${run}`;
  await transaction.tell(
    ...(stale.length > 0
      ? [{ key: `${key}/stale`, type: 'stale' as const, stage, run, data: { stages: stale } }]
      : []),
    // one cast: what was told before is told again in the form that it had
    ...shown.map(
      ({ key: eventKey, type, data }) =>
        ({ key: `${key}/adopted/${eventKey}`, type, stage, run, data }) as NewEvent,
    ),
    { key: `${key}/done`, type: 'state_change', stage, run, data: { state, reason } },
  );
  return { stage, run, of: former.run };
}

/** Steps, checkpoints, messages, metrics and decisions under ids of the new run. */
async function copyRun(
  { tx, session }: CommandTransaction,
  { stage, run: former, checkpoint }: StageRun,
  run: number,
): Promise<{ steps: Step[]; checkpoint: string | null }> {
  const { id, owner } = session;
  const of = <Row extends { stage: Stage | null; run: number | null }>(rows: readonly Row[]) =>
    rows.filter((row) => row.stage === stage && row.run === former);
  const whole = await readWhole(tx, id);
  const [messages, decisions] = [of(whole.messages), of(whole.decisions)];
  const checkpoints = of(whole.checkpoints);
  const steps = (await listSteps(tx, ownerOf(session), { session: id, stage, run: former })) ?? [];
  const rows = { steps, messages, decisions, checkpoints };
  const ids = newIds({ sessionId: id, owner, stage }, { former, run }, rows);
  const inNewRun = <Row extends object>(row: Row): Row => ({ ...row, run });
  const moved = <Row extends object>(list: readonly Row[]): Row[] => renamed(list.map(inNewRun), ids);
  // what they cost was paid by the former run
  const copies = moved(steps).map((step) => ({ ...step, usage: null, cost: 0 }));
  await copyRows(tx, 'steps', copies);
  await copyRows(tx, 'checkpoints', moved(checkpoints));
  await copyRows(tx, 'messages', moved(messages));
  await copyRows(tx, 'decisions', moved(await yielding(tx, id, decisions)));
  for (const [at, step] of steps.entries()) {
    const to = copies[at];
    if (to && step.tool === 'execute_code') await copyMetrics(tx, step, to);
  }
  return { steps: copies, checkpoint: checkpoint && (ids.get(checkpoint) ?? checkpoint) };
}

/** What a person decided meanwhile stays the person's, and what was kept stays kept. */
async function yielding(
  tx: Transaction,
  session: string,
  rows: readonly StoredDecision[],
): Promise<StoredDecision[]> {
  const held = inForce(await sessionLedger(tx, session));
  const settled = new Set([...held].filter(([, decision]) => isSettled(decision)).map(([key]) => key));
  return rows.map((row) => ({ ...row, yields: row.yields || settled.has(row.key) }));
}

function newIds(
  key: { sessionId: string; owner: string; stage: Stage },
  { former, run }: { former: number; run: number },
  rows: { steps: Step[]; messages: Message[]; decisions: StoredDecision[]; checkpoints: Checkpoint[] },
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { turn, call } of rows.steps) {
    const [from, to] = [
      { ...key, run: former, turn },
      { ...key, run, turn },
    ];
    ids.set(stepId(from, call), stepId(to, call));
    if (call === '') ids.set(answerMessageId(from), answerMessageId(to));
    else ids.set(resultMessageId(from, call), resultMessageId(to, call));
  }
  for (const { id, step_id, execution } of rows.checkpoints)
    ids.set(id, derivedId('checkpoint', ids.get(step_id) ?? `${step_id}/${run}`, execution));
  const { sessionId, stage } = key;
  for (const { id } of rows.messages)
    if (!ids.has(id)) ids.set(id, derivedId('message', sessionId, stage, run, id));
  for (const { id } of rows.decisions) ids.set(id, derivedId('decision', sessionId, stage, run, id));
  return ids;
}

/** The files lie where the former run has put them. */
async function copyArtifacts(
  { tx, session }: CommandTransaction,
  { stage, run: former }: StageRun,
  run: number,
): Promise<void> {
  const held = (await listArtifacts(tx, ownerOf(session), { session: session.id, stage, run: former })) ?? [];
  const artifacts = held.map((artifact: Artifact) => ({
    ...artifact,
    id: derivedId('artifact', session.id, stage, run, artifact.path),
    ...{ run, step_id: null, stale: false },
  }));
  await upsertArtifacts(tx, artifacts);
}

async function copyDataset(
  { tx, session }: CommandTransaction,
  stage: Stage,
  steps: readonly Step[],
): Promise<void> {
  const finish = steps.findLast(({ kind, state }) => kind === 'validation' && state === 'done');
  if (stage !== 'prep' || !finish) return;
  const row = processedDataset(session.id, session.experiment_id, validationOutput(finish).facts);
  if (row) await upsertProcessedDataset(tx, row);
}
