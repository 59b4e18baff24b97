/** One tool call of the agent: code in an execution of its own, or a short read by a built-in tool. */

import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { beginStep, inSession, takeEpoch, updateStep, type Writing } from '../db/index.ts';
import type { ToolCall, ToolOutcome } from '../workflows/contract/activities.ts';
import { callInput } from './call-input.ts';
import { checkedInput, writeToolResult } from './call-records.ts';
import { executeCode } from './code-calls.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { stepId } from './keys.ts';
import type { OpenCall } from './open-call.ts';
import type { ActivityPorts } from './ports.ts';
import { readOutput, readWorkspace } from './read-calls.ts';
import { repetitionOf } from './repetition.ts';

export function createToolCalls(ports: ActivityPorts) {
  return {
    async runTool(call: ToolCall): Promise<ToolOutcome> {
      const opened = await inSession(ports, call, (tx, tell) => open(ports, { tx, tell }, call));
      const { step, invalid } = opened;
      if (step.state !== 'running') {
        const repetition = await repetitionOf(ports.database, call);
        return { ok: step.state === 'done', checkpoint: step.checkpoint, ...repetition };
      }
      if (invalid !== null) return endRead(ports, opened, { content: invalid, isError: true });
      return whileHeartbeating((signal) => run(ports, opened, signal));
    },
  };
}

async function run(ports: ActivityPorts, opened: OpenCall, signal: AbortSignal): Promise<ToolOutcome> {
  if (opened.call.call.name === 'execute_code') {
    try {
      return await executeCode(ports, opened, signal);
    } catch (error) {
      // the agent can do without
      if (!(error instanceof TemperaError && error.code === 'NO_GPU')) throw error;
      return endRead(ports, opened, { content: error.message, isError: true });
    }
  }
  const handle = String(opened.input.path ?? '');
  const result = handle.startsWith('output:')
    ? await readOutput(ports, opened, handle)
    : await readWorkspace(ports, opened);
  return endRead(ports, opened, result);
}

/** Begins the step (or a new attempt at it) and tells of it. */
async function open(
  ports: ActivityPorts,
  { tx, tell }: Writing,
  call: ToolCall,
): Promise<OpenCall & { invalid: string | null }> {
  const { sessionId, stage, run: stageRun, turn } = call;
  const raw = await callInput(tx, call);
  const parsed = checkedInput(ports, call.call.name, raw);
  const input = parsed.ok ? parsed.input : raw;
  const id = stepId(call, call.call.id);
  const title = typeof input.title === 'string' ? input.title : call.call.name;
  const epoch = await takeEpoch(tx);
  const step = await beginStep(tx, {
    id,
    session_id: sessionId,
    stage,
    run: stageRun,
    turn,
    call: call.call.id,
    kind: 'tool',
    tool: call.call.name,
    title,
    base: call.base,
    input,
    epoch,
  });
  await tell({
    key: `${id}/tool_start`,
    type: 'tool_start',
    stage,
    run: stageRun,
    data: { step: id, tool: call.call.name, title, input },
  });
  return {
    call,
    step,
    epoch,
    input,
    startedMs: Date.parse(step.started_at),
    invalid: parsed.ok ? null : parsed.message,
  };
}

/** Ends a call that changed nothing in the workspace. */
async function endRead(
  ports: ActivityPorts,
  opened: OpenCall,
  result: { content: string; isError: boolean },
): Promise<ToolOutcome> {
  const { call, step, epoch } = opened;
  const { sessionId } = call;
  const attempt = { step: step.id, epoch };
  const repetition = await inSession(ports, { sessionId, attempt }, async (tx, tell) => {
    const data = {
      step: step.id,
      tool: call.call.name,
      ok: !result.isError,
      output: result.content,
      duration_ms: Math.max(0, Date.now() - opened.startedMs),
    };
    const ended: NewEvent = {
      key: `${step.id}/tool_end`,
      type: 'tool_end',
      stage: call.stage,
      run: call.run,
      data,
    };
    const given = await writeToolResult({ tx, tell }, call, { ...result, events: [ended] });
    const state = result.isError ? 'failed' : 'done';
    await updateStep(tx, attempt, { state, output: { content: result.content } });
    return given;
  });
  return { ok: !result.isError, checkpoint: null, ...repetition };
}
