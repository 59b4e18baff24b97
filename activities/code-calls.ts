/**
 * execute_code: the script's execution, then its checkpoint, then one transaction with everything that tells of
 * them.
 */

import { TemperaError } from '../core/errors.ts';
import { type EventData, MAX_REFUSED_NAMED, type NewEvent } from '../core/events.ts';
import type { ScriptOutput } from '../core/step-output.ts';
import {
  inSession,
  insertCheckpoint,
  ledgerOfStep,
  modelsOfTurn,
  referToBlobs,
  scriptOrdinal,
  type Transaction,
  updateStageRun,
  updateStep,
} from '../db/index.ts';
import type { ToolOutcome } from '../workflows/contract/activities.ts';
import { writeToolResult } from './call-records.ts';
import { cancelRequests } from './cancellation.ts';
import { releaseOldCheckpoints } from './checkpoint-retention.ts';
import { storeBytes, type TakenCheckpoint, takeCheckpoint } from './checkpoints.ts';
import type { EndedExecution } from './execution-plan.ts';
import { executionId, runExecution } from './executions.ts';
import { wantsGpu } from './gpu-calls.ts';
import { placeOf } from './keys.ts';
import type { OpenCall } from './open-call.ts';
import type { ActivityPorts } from './ports.ts';
import { executionResult } from './tool-output.ts';
import { uploadEnd } from './upload-end.ts';
import { type OpenWorkspace, openWorkspace } from './workspaces.ts';

export async function executeCode(
  ports: ActivityPorts,
  opened: OpenCall,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const { call, step, epoch, input } = opened;
  const gpu = wantsGpu(call.call.name, input);
  const isCancelRequested = cancelRequests();
  const [scriptPath, ledger, isOurs, workspace] = await Promise.all([
    scriptPathOf(ports, opened),
    ledgerOfStep(ports.database, step),
    isOurCode(ports, opened),
    openWorkspace(ports, call, { epoch, gpu }),
  ]);
  const code = String(input.code ?? '');
  const plan = { call, step, epoch, workspace, code, scriptPath, gpus: gpu ? 1 : 0, ledger, isOurs };
  const ended = await runExecution(ports, plan, signal);
  const checkpoint = await keepWhatIsThere(ports, opened, { workspace, ended, signal });
  const cancelled = isCancelRequested();
  const repetition = await commit(ports, opened, { ended, checkpoint, cancelled, scriptPath, workspace });
  const id = executionId(step.id, ended.execution);
  await workspace.host.executions.acknowledge(id, epoch, checkpoint?.id ?? '');
  await releaseOldCheckpoints(ports, call.sessionId);
  if (cancelled)
    throw new TemperaError(
      'CANCELLED',
      `The call [${call.call.id}] was cancelled; what it had written ${checkpoint ? 'is kept' : NOT_SAVED}.`,
    );
  return { ok: ended.exit.status === 'ok', checkpoint: checkpoint?.id ?? null, ...repetition };
}

const NOT_SAVED = 'is not kept: its upload took longer than CANCEL_UPLOAD_SECONDS';

/** A checkpoint whether the code ended well, failed or was cancelled; null where a cancel leaves no time for it. */
async function keepWhatIsThere(
  ports: ActivityPorts,
  { step }: OpenCall,
  of: { workspace: OpenWorkspace; ended: EndedExecution; signal: AbortSignal },
): Promise<TakenCheckpoint | null> {
  const end = uploadEnd(of.signal, ports.settings.cancelUploadMs);
  try {
    const { execution } = of.ended;
    return await takeCheckpoint(ports, of.workspace, { step: step.id, execution, signal: end.signal });
  } catch (error) {
    if (end.isCancelled()) return null;
    throw error;
  } finally {
    end.dispose();
  }
}

/** Whether the code is a playbook of the platform's own, which is told by the models that answered in the turn. */
async function isOurCode({ database, models }: ActivityPorts, { call }: OpenCall): Promise<boolean> {
  const named = await modelsOfTurn(database, { ...placeOf(call), turn: call.turn });
  return (
    named.length > 0 && named.every((model) => models.get(model.split('/')[0] ?? '')?.runsPlaybooks === true)
  );
}

/** `{stage}/scripts/step_NN_{slug}.py`, NN counting the stage run's scripts; fixed by the step's first attempt. */
async function scriptPathOf({ database }: ActivityPorts, { call, step, input }: OpenCall): Promise<string> {
  const ordinal = await scriptOrdinal(database, step);
  const slug =
    String(input.title ?? '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 40) || 'script';
  return `${call.stage}/scripts/step_${String(ordinal).padStart(2, '0')}_${slug}.py`;
}

interface Outcome {
  ended: EndedExecution;
  /** Null where it could not be kept any more. */
  checkpoint: TakenCheckpoint | null;
  cancelled: boolean;
  scriptPath: string;
  workspace: OpenWorkspace;
}

async function commit(
  ports: ActivityPorts,
  opened: OpenCall,
  outcome: Outcome,
): Promise<Pick<ToolOutcome, 'repeated'>> {
  const { settings } = ports;
  const { call, step, epoch } = opened;
  const { ended, checkpoint } = outcome;
  const { exit } = ended;
  const shown = { step: step.id, limit: settings.outputHeadBytes, unkept: unkept(checkpoint) };
  const content = executionResult(exit, ended, shown);
  const output: ScriptOutput = {
    ...exitRow(exit),
    script_path: outcome.scriptPath,
    ...(await storedOutput(ports, ended)),
  };
  const { sessionId } = call;
  const attempt = { step: step.id, epoch };
  return inSession(ports, { sessionId, attempt }, async (tx, tell) => {
    await referToBlobs(tx, sessionId, blobsOf(checkpoint, output));
    if (checkpoint) await writeCheckpoint(tx, opened, { checkpoint, execution: ended.execution });
    const given = await writeToolResult({ tx, tell }, call, {
      content,
      isError: exit.status !== 'ok',
      events: eventsOf(opened, outcome, content),
    });
    const state = outcome.cancelled ? 'cancelled' : exit.status === 'ok' ? 'done' : 'failed';
    await updateStep(tx, attempt, { state, output, checkpoint: checkpoint?.id ?? null });
    return given;
  });
}

async function writeCheckpoint(
  tx: Transaction,
  { call, step }: OpenCall,
  { checkpoint, execution }: { checkpoint: TakenCheckpoint; execution: number },
): Promise<void> {
  const { sessionId, stage, run, base } = call;
  await insertCheckpoint(tx, {
    id: checkpoint.id,
    session_id: sessionId,
    stage,
    run,
    step_id: step.id,
    execution,
    base,
    manifest_sha256: checkpoint.manifestSha256,
    files: checkpoint.files,
    bytes: checkpoint.bytes,
    live: false,
  });
  await updateStageRun(tx, placeOf(call), { checkpoint: checkpoint.id });
}

/** Every blob that the step's end names. */
function blobsOf(checkpoint: TakenCheckpoint | null, output: ScriptOutput): string[] {
  const files = (checkpoint?.entries ?? [])
    .filter((entry) => entry.kind === 'file')
    .map((entry) => entry.sha256);
  const outputs = [output.stdout_blob, output.stderr_blob].filter((hash) => hash !== undefined);
  return [...(checkpoint ? [checkpoint.manifestSha256] : []), ...files, ...outputs];
}

/** What of the workspace no checkpoint holds, for the agent. */
function unkept(checkpoint: TakenCheckpoint | null): string[] {
  return checkpoint ? checkpoint.refused : [`all that this call wrote ${NOT_SAVED}`];
}

function exitRow(exit: EndedExecution['exit']): Omit<ScriptOutput, 'script_path'> {
  return {
    status: exit.status,
    code: exit.code,
    signal: exit.signal,
    duration_us: exit.durationUs,
    cpu_us: exit.cpuUs,
    peak_memory_bytes: exit.peakMemoryBytes,
    error_name: exit.errorName,
    error_value: exit.errorValue,
    message: exit.message,
    files_changed: exit.filesChanged,
  };
}

/** The text that is short enough for the row; bytes that it does not hold are kept as a blob and named in the row. */
async function storedOutput(ports: ActivityPorts, ended: EndedExecution): Promise<Partial<ScriptOutput>> {
  const row: Partial<ScriptOutput> = {};
  for (const stream of ['stdout', 'stderr'] as const) {
    const { bytes, text, shown } = ended[stream];
    const fits = Math.max(text.length, shown.length) <= 2 * ports.settings.outputHeadBytes;
    if (fits) row[stream] = text;
    if (!fits || !bytes.equals(Buffer.from(text))) row[`${stream}_blob`] = await storeBytes(ports, bytes);
    row[`${stream}_characters`] = text.length;
  }
  return row;
}

function eventsOf(opened: OpenCall, { ended, checkpoint }: Outcome, content: string): NewEvent[] {
  const { call, step } = opened;
  const place = { stage: call.stage, run: call.run };
  const key = `${step.id}/${ended.execution}`;
  const changed = new Set(ended.exit.filesChanged);
  const created: NewEvent[] = (checkpoint?.entries ?? [])
    .filter((entry) => entry.kind === 'file' && changed.has(entry.path))
    .map(({ path, size }) => ({
      key: `${key}/file/${path}`,
      type: 'file_created',
      ...place,
      data: { path, name: path.slice(path.lastIndexOf('/') + 1), stage: call.stage, size, step: step.id },
    }));
  const duration = Math.max(0, Date.now() - opened.startedMs);
  return [
    ...created,
    ...(checkpoint ? [{ key: `${key}/checkpoint`, ...place, ...checkpointOf(step.id, checkpoint) }] : []),
    {
      key: `${step.id}/tool_end`,
      type: 'tool_end',
      ...place,
      data: {
        step: step.id,
        tool: call.call.name,
        ok: ended.exit.status === 'ok',
        output: content,
        duration_ms: duration,
      },
    },
  ];
}

function checkpointOf(
  step: string,
  { id, files, bytes, refused }: TakenCheckpoint,
): { type: 'checkpoint'; data: EventData<'checkpoint'> } {
  const named = refused.slice(0, MAX_REFUSED_NAMED);
  const data = { step, checkpoint: id, files, bytes, ...(named.length > 0 ? { refused: named } : {}) };
  return { type: 'checkpoint', data };
}
