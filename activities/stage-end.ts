/**
 * The end of a stage: its outputs are validated in the sandbox, then synced to readable keys, then told in one
 * transaction.
 */

import { text } from 'node:stream/consumers';
import type { Decision } from '../core/decisions.ts';
import type { NewEvent } from '../core/events.ts';
import { datasetPath } from '../core/file-names.ts';
import { experimentAsDecided } from '../core/given-decisions.ts';
import { headOf, lawfulText } from '../core/lawful-text.ts';
import type { ManifestEntry, Step } from '../core/records.ts';
import { doneState } from '../core/session-state.ts';
import { type ValidationOutput, validationOutput } from '../core/step-output.ts';
import {
  beginStep,
  deleteLease,
  getLease,
  inSession,
  ledgerOfStep,
  type Transaction,
  takeEpoch,
  updateSession,
  updateStageRun,
  updateStep,
  upsertArtifacts,
  upsertProcessedDataset,
} from '../db/index.ts';
import type { FinishOutcome, SessionKey, ToolCall } from '../workflows/contract/activities.ts';
import { type SyncedArtifact, syncArtifacts } from './artifacts.ts';
import { callInput } from './call-input.ts';
import { checkedInput, writeToolResult } from './call-records.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { placeOf, stepId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { processedDataset, toValidation } from './validation.ts';
import { type OpenWorkspace, openWorkspace, readManifest, restoreBase } from './workspaces.ts';

/** Characters of a report that its event carries; the file itself is whole. */
const MAX_REPORT_CHARACTERS = 1024 * 1024;
const VALIDATION_TIMEOUT_MS = 300_000;

interface OpenFinish {
  call: ToolCall;
  step: Step;
  epoch: number;
  invalid: string | null;
}

export function createStageEnd(ports: ActivityPorts) {
  const { database } = ports;
  return {
    async finishStage(call: ToolCall & { lastTry: boolean }): Promise<FinishOutcome> {
      const opened = await database.transaction((tx) => open(ports, tx, call));
      const { step } = opened;
      const unable = typeof step.input.unable === 'string' ? { unable: step.input.unable } : {};
      if (step.state !== 'running')
        return { done: step.state === 'done', errors: validationOutput(step).errors, ...unable };
      if (opened.invalid !== null) return reject(ports, opened, { ...NOTHING, errors: [opened.invalid] });
      if (unable.unable !== undefined) return { ...(await giveUp(ports, opened, unable.unable)), ...unable };
      return whileHeartbeating(() => finish(ports, opened));
    },

    /** Frees the host's workspace and the lease; what was in it stands in its last checkpoint. */
    async releaseWorkspace({ sessionId }: SessionKey): Promise<void> {
      const lease = await getLease(database, sessionId);
      if (!lease) return;
      const host = await ports.sandbox.find(lease.host);
      const epoch = await database.transaction((tx) => takeEpoch(tx));
      // a host that is gone took the workspace with it
      await host?.workspaces.cleanup({ sessionId, epoch });
      await inSession(ports, { sessionId }, (tx) => deleteLease(tx, sessionId));
    },
  };
}

async function open(ports: ActivityPorts, tx: Transaction, call: ToolCall): Promise<OpenFinish> {
  const { sessionId, stage, run, turn, base } = call;
  const parsed = checkedInput(ports, call.call.name, await callInput(tx, call));
  const epoch = await takeEpoch(tx);
  const step = await beginStep(tx, {
    id: stepId(call, call.call.id),
    session_id: sessionId,
    stage,
    run,
    turn,
    call: call.call.id,
    kind: 'validation',
    tool: 'finish',
    title: `Validate ${stage}`,
    base,
    input: parsed.ok ? parsed.input : {},
    epoch,
  });
  return { call, step, epoch, invalid: parsed.ok ? null : parsed.message };
}

async function finish(ports: ActivityPorts, opened: OpenFinish): Promise<FinishOutcome> {
  const { call, epoch } = opened;
  const workspace = await openWorkspace(ports, call, { epoch });
  await restoreBase(ports, workspace, call.base);
  const ledger = await ledgerOfStep(ports.database, opened.step);
  const validation = await validate(workspace, call, ledger);
  if (validation.errors.length > 0) return reject(ports, opened, validation);
  const entries = call.base === null ? [] : await readManifest(ports, call.base);
  const artifacts = await syncArtifacts(ports, call, entries);
  const report = await readReport(ports, call, entries);
  await commit(ports, opened, { validation, artifacts, report, experimentId: workspace.experiment.id });
  return { done: true, errors: [] };
}

/** By what the person has decided where the call began. */
async function validate(
  workspace: OpenWorkspace,
  call: ToolCall,
  ledger: readonly Decision[],
): Promise<ValidationOutput> {
  const experiment = experimentAsDecided(workspace.experiment, ledger);
  const [file] = experiment.dataset.files;
  const result = await workspace.host.executions.runTool({
    sessionId: call.sessionId,
    experimentId: experiment.id,
    tool: 'validate_stage',
    timeoutMs: VALIDATION_TIMEOUT_MS,
    parameters: {
      stage: call.stage,
      target: experiment.target,
      problem_type: experiment.problem_type,
      source_file: file ? datasetPath(file.name) : null,
      excluded_columns: experiment.excluded_columns,
      test_file: experiment.test_file,
      split_column: experiment.split_column,
    },
  });
  return toValidation(result);
}

/** Sends the agent back with what does not validate. */
async function reject(
  ports: ActivityPorts,
  opened: OpenFinish,
  validation: ValidationOutput,
): Promise<FinishOutcome> {
  const errors = validation.errors.map((error) => `- ${error}`).join('\n');
  const content = `The outputs do not validate yet. Mend this, then call finish again:\n${errors}`;
  const events = [validationEvent(opened, validation)];
  await fail(ports, opened, { content, events, output: validation });
  return { done: false, errors: validation.errors };
}

const NOTHING: ValidationOutput = { passed: [], warnings: [], errors: [], facts: {} };

/** The agent says that this table cannot be brought through the stage: nothing is validated. */
async function giveUp(ports: ActivityPorts, opened: OpenFinish, why: string): Promise<FinishOutcome> {
  await fail(ports, opened, {
    content: `The stage ends: ${why}`,
    events: [],
    output: { ...NOTHING, errors: [why] },
  });
  return { done: false, errors: [why] };
}

async function fail(
  ports: ActivityPorts,
  { call, step, epoch }: OpenFinish,
  { content, events, output }: { content: string; events: NewEvent[]; output: ValidationOutput },
): Promise<void> {
  const { sessionId } = call;
  const attempt = { step: step.id, epoch };
  await inSession(ports, { sessionId, attempt }, async (tx, tell) => {
    await writeToolResult({ tx, tell }, call, { content, isError: true, events });
    await updateStep(tx, attempt, { state: 'failed', output });
  });
}

function validationEvent(
  { call, step }: OpenFinish,
  { passed, warnings, errors }: ValidationOutput,
): NewEvent {
  const { stage, run } = call;
  return {
    key: `${step.id}/validation`,
    type: 'validation_result',
    stage,
    run,
    data: { stage, passed, warnings, errors },
  };
}

async function readReport(
  { blobs }: ActivityPorts,
  call: ToolCall,
  entries: ManifestEntry[],
): Promise<string> {
  const entry = entries.find(({ path, kind }) => kind === 'file' && path === `${call.stage}/report.md`);
  if (!entry) return '';
  const content = await text(blobs.get(entry.sha256));
  return lawfulText(headOf(content, MAX_REPORT_CHARACTERS));
}

interface FinishedStage {
  validation: ValidationOutput;
  artifacts: SyncedArtifact[];
  report: string;
  experimentId: string;
}

async function commit(ports: ActivityPorts, opened: OpenFinish, finished: FinishedStage): Promise<void> {
  const { call, step, epoch } = opened;
  const { sessionId, stage } = call;
  const { validation, artifacts } = finished;
  const attempt = { step: step.id, epoch };
  await inSession(ports, { sessionId, attempt }, async (tx, tell) => {
    await upsertArtifacts(tx, artifacts);
    const processed =
      stage === 'prep' ? processedDataset(sessionId, finished.experimentId, validation.facts) : null;
    if (processed) await upsertProcessedDataset(tx, processed);
    await writeToolResult({ tx, tell }, call, {
      content: `The outputs validate. Stage ${stage} is done.`,
      isError: false,
      events: [],
    });
    await updateStep(tx, attempt, {
      state: 'done',
      output: validation,
      checkpoint: call.base,
    });
    await updateStageRun(tx, placeOf(call), { state: 'done', checkpoint: call.base });
    await updateSession(tx, sessionId, {
      state: doneState(stage),
      failed_stage: null,
      waiting: null,
    });
    await tell(...endEvents(opened, finished));
  });
}

function endEvents(opened: OpenFinish, { validation, artifacts, report }: FinishedStage): NewEvent[] {
  const { stage, run, sessionId } = opened.call;
  const place = { stage, run };
  const key = `${stage}/${run}`;
  const prefix = `sessions/${sessionId}/${stage}/run-${run}/`;
  return [
    validationEvent(opened, validation),
    { key: `${key}/report`, type: 'report_ready', ...place, data: { content: report, stage } },
    {
      key: `${key}/files`,
      type: 'files_ready',
      ...place,
      data: { files: artifacts.map(({ path }) => path), stage },
    },
    {
      key: `${key}/synced`,
      type: 's3_sync_complete',
      ...place,
      data: { files_synced: artifacts.length, s3_prefix: prefix, stage },
    },
    { key: `${key}/done`, type: 'state_change', ...place, data: { state: doneState(stage) } },
  ];
}
