/**
 * One turn's model call. A `started` row with a counter is committed before the request, the answer after it and
 * before the activity returns: a lost worker repeats at most the call that was in flight, and it is counted.
 */

import { toConversation } from '../core/conversation.ts';
import { type DataSharing, shareable } from '../core/data-sharing.ts';
import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { sha256 } from '../core/ids.ts';
import { lawfulAnswer } from '../core/lawful-answer.ts';
import type { AssistantBlock, LanguageModel, ModelAnswer, ModelRequest } from '../core/ports/model.ts';
import type { Session, Step } from '../core/records.ts';
import type { DeltaType, Transaction } from '../db/index.ts';
import type { ModelTurn, ToolCallReference, TurnKey } from '../workflows/contract/activities.ts';
import { sessionStream } from '../workflows/contract/ids.ts';
import { wantsGpu } from './gpu-calls.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { answerMessageId, ownerOf, stepId } from './keys.ts';
import { createLiveText } from './live-text.ts';
import type { ActivityPorts } from './ports.ts';
import { createStopwatch, thinkingEvent } from './thinking.ts';

/** Bytes of an answer as JSON: what one row may hold. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** A turn that is ready to be sent, or that was answered before. */
interface PreparedTurn {
  epoch: number;
  session: Session;
  request: ModelRequest;
  requestSha256: string;
  answer: ModelAnswer | null;
  done: Step | null;
}

export function createModelCalls(ports: ActivityPorts) {
  const { database, repositories, events } = ports;
  return {
    async callModel(turn: TurnKey): Promise<ModelTurn> {
      const prepared = await database.transaction((tx) => prepare(ports, tx, turn));
      if (prepared.done) return turnOf(ports, turn, prepared.done);
      const answered = prepared.answer
        ? { answer: prepared.answer, thinkingMs: null }
        : await ask(ports, turn, prepared);
      const step = await database.transaction((tx) => commit(ports, tx, turn, prepared, answered));
      events.notify(sessionStream(turn.sessionId));
      return turnOf(ports, turn, step);
    },
  };

  async function turnOf(_: ActivityPorts, turn: TurnKey, step: Step): Promise<ModelTurn> {
    const usage = await repositories.sessionUsage(database, turn.sessionId);
    const output = step.output ?? {};
    return {
      stopReason: output.stopReason as ModelTurn['stopReason'],
      calls: output.calls as ToolCallReference[],
      tokens: usage.tokens,
      cost: usage.cost,
    };
  }
}

async function prepare(ports: ActivityPorts, tx: Transaction, turn: TurnKey): Promise<PreparedTurn> {
  const { repositories, agents, settings } = ports;
  const { sessionId, stage, run } = turn;
  const session = await repositories.getSession(tx, ownerOf(turn), sessionId);
  if (!session) throw new TemperaError('NOT_FOUND', `There is no session [${sessionId}].`);
  const epoch = await repositories.takeEpoch(tx);
  const step = await repositories.beginStep(tx, {
    id: stepId(turn),
    session_id: sessionId,
    stage,
    run,
    turn: turn.turn,
    call: '',
    kind: 'model',
    tool: null,
    title: `Turn ${turn.turn}`,
    base: null,
    input: {},
    epoch,
  });
  const model = session.model.slice(session.model.indexOf('/') + 1);
  if (step.state !== 'running') {
    return {
      epoch,
      session,
      request: { model, system: '', messages: [], tools: [], maxTokens: 0 },
      requestSha256: '',
      answer: null,
      done: step,
    };
  }
  // the messages of a turn are fixed by its first attempt, so that a repeated one asks the same
  if (step.execution === 0) {
    const pending = await repositories.pendingUserMessages(tx, sessionId);
    await repositories.consumeMessages(
      tx,
      pending.map((message) => message.id),
      stage,
      run,
      turn.turn,
    );
    await repositories.updateStep(tx, step.id, epoch, { execution: 1 });
  }
  const { system, tools } = agents.stage(stage);
  const rows = await repositories.conversationMessages(tx, sessionId, stage, run);
  const messages = shareable(toConversation(rows), await sharingOf(ports, tx, session));
  const request: ModelRequest = { model, system, messages, tools, maxTokens: settings.maxAnswerTokens };
  const requestSha256 = sha256(JSON.stringify(request));
  const call = await repositories.beginModelCall(tx, {
    session_id: sessionId,
    stage,
    run,
    turn: turn.turn,
    request_sha256: requestSha256,
    model: session.model,
  });
  return {
    epoch,
    session,
    request,
    requestSha256,
    answer: call.state === 'done' ? (call.answer as ModelAnswer) : null,
    done: null,
  };
}

/** What a model that is not on this machine may be told of the session's data. */
async function sharingOf(ports: ActivityPorts, tx: Transaction, session: Session): Promise<DataSharing> {
  if (modelOf(ports, session).offline) return 'values';
  const experiment = await ports.repositories.getExperiment(tx, ownerOf(session), session.experiment_id);
  if (experiment) return experiment.data_sharing;
  throw new TemperaError('NOT_FOUND', `The experiment [${session.experiment_id}] of the session is gone.`);
}

/** @throws TemperaError MODEL_REQUEST when the provider is not configured */
function modelOf({ models }: ActivityPorts, session: Session): LanguageModel {
  const provider = session.model.split('/', 1)[0] ?? '';
  const model = models.get(provider);
  if (model) return model;
  const known = [...models.keys()].join(', ');
  throw new TemperaError(
    'MODEL_REQUEST',
    `No model provider '${provider}' is configured (configured: ${known}). Choose another model or configure its key.`,
  );
}

interface Answered {
  answer: ModelAnswer;
  /** How long the model thought, milliseconds; null where it did not, or nobody listened. */
  thinkingMs: number | null;
}

async function ask(ports: ActivityPorts, turn: TurnKey, prepared: PreparedTurn): Promise<Answered> {
  const { events, database, repositories } = ports;
  const model = modelOf(ports, prepared.session);
  const publish = (type: DeltaType, offset: number, text: string) => {
    const delta = { message: answerMessageId(turn), epoch: prepared.epoch, offset, text };
    events.publishLive(sessionStream(turn.sessionId), delta, type);
  };
  const text = createLiveText((offset, piece) => publish('agent_delta', offset, piece));
  const thinking = createLiveText((offset, piece) => publish('thinking_delta', offset, piece));
  const stopwatch = createStopwatch();
  try {
    const answer = await whileHeartbeating((signal) =>
      model.complete(prepared.request, {
        signal,
        onText: (piece, offset) => {
          stopwatch.stop();
          // what was thought before is shown before what is said
          thinking.end();
          text.push(piece, offset);
        },
        onThinking: (piece, offset) => {
          stopwatch.start();
          // that it thinks is told even where the provider does not say what
          if (piece === '') publish('thinking_delta', offset, piece);
          else thinking.push(piece, offset);
        },
      }),
    );
    return { answer, thinkingMs: stopwatch.stop() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await database.transaction((tx) => repositories.failModelCall(tx, callKey(turn, prepared), message));
    throw error;
  } finally {
    thinking.end();
    text.end();
  }
}

const callKey = (turn: TurnKey, prepared: PreparedTurn) => ({
  session_id: turn.sessionId,
  stage: turn.stage,
  run: turn.run,
  turn: turn.turn,
  request_sha256: prepared.requestSha256,
});

async function commit(
  ports: ActivityPorts,
  tx: Transaction,
  turn: TurnKey,
  prepared: PreparedTurn,
  answered: Answered,
): Promise<Step> {
  const { repositories, agents, settings } = ports;
  const { thinkingMs } = answered;
  // here every provider's answer passes, and one that was stored before: nothing after this meets one that is not
  const answer = lawfulAnswer(answered.answer, prepared.request, agents.mendInput);
  const { sessionId, stage, run } = turn;
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes > MAX_ANSWER_BYTES) {
    throw new TemperaError(
      'MODEL_REQUEST',
      `The answer has ${bytes} bytes; MAX_ANSWER_BYTES is ${MAX_ANSWER_BYTES}. Ask for smaller steps.`,
    );
  }
  await repositories.fenceStep(tx, stepId(turn), prepared.epoch);
  const usage = { ...answer.usage };
  await repositories.finishModelCall(tx, callKey(turn, prepared), { answer, usage, cost: answer.cost });
  const message = answerMessageId(turn);
  await repositories.insertMessage(tx, {
    id: message,
    session_id: sessionId,
    stage,
    run,
    turn: turn.turn,
    role: 'assistant',
    content: answer.content.map((block) => ({ ...block })),
    metadata: { stopReason: answer.stopReason },
  });
  const told = answerEvents(turn, message, { answer, thinkingMs });
  await repositories.appendEvents(tx, sessionStream(sessionId), told);
  const calls = answer.content
    .filter((block) => block.type === 'tool_use')
    // the next request tells of those beyond that they were not run
    .slice(0, settings.callsPerAnswer)
    .map((block) => reference(ports, block));
  const output = { stopReason: answer.stopReason, calls };
  return repositories.updateStep(tx, stepId(turn), prepared.epoch, {
    state: 'done',
    output,
    usage,
    cost: answer.cost,
  });
}

function reference(
  { agents }: ActivityPorts,
  block: Extract<AssistantBlock, { type: 'tool_use' }>,
): ToolCallReference {
  const gpu = wantsGpu(block.name, block.input) ? { gpu: true } : {};
  return { id: block.id, name: block.name, kind: agents.toolKind(block.name) ?? 'control', ...gpu };
}

function answerEvents(turn: TurnKey, message: string, { answer, thinkingMs }: Answered): NewEvent[] {
  const place = { stage: turn.stage, run: turn.run };
  const text = answer.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
  const { input, output, cacheRead, cacheWrite } = answer.usage;
  const tokens = input + output + cacheRead + cacheWrite;
  const events: NewEvent[] = [
    {
      key: `${message}/usage`,
      type: 'usage',
      ...place,
      data: { turn: turn.turn, tokens, cost: answer.cost },
    },
  ];
  if (text !== '') events.unshift({ key: message, type: 'agent_message', ...place, data: { message, text } });
  const thinking = thinkingEvent(message, answer.content, thinkingMs);
  if (thinking) events.unshift({ ...thinking, ...place });
  return events;
}
