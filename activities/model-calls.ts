/**
 * One turn's model call. A `started` row with a counter is committed before the request, the answer after it and
 * before the activity returns: a lost worker repeats at most the call that was in flight, and it is counted.
 *
 * 1. An answer that has come is kept however long the database is away.
 * 2. One that came and cannot be kept is counted with what it used (lost-answers.ts), and a turn has at most
 *    MAX_DELIVERIES of them.
 * 3. A conversation that does not fit the model is made to, here, and the same turn asked again; all else that fails
 *    is the workflow's to wait for.
 */

import { setTimeout as pauseFor } from 'node:timers/promises';
import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { lawfulAnswer } from '../core/lawful-answer.ts';
import type { AssistantBlock, ModelAnswer } from '../core/ports/model.ts';
import type { Step } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import { modelOutput } from '../core/step-output.ts';
import {
  type DeltaType,
  finishModelCall,
  inSession,
  insertMessage,
  sessionUsage,
  updateStep,
  type Writing,
} from '../db/index.ts';
import type { ModelTurn, ToolCallReference, TurnKey } from '../workflows/contract/activities.ts';
import { shorten, shortenAfter } from './context-shortening.ts';
import { wantsGpu } from './gpu-calls.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { answerMessageId, stepId } from './keys.ts';
import { createLiveText } from './live-text.ts';
import { countLost, tooOftenLost, withSpent } from './lost-answers.ts';
import type { ActivityPorts } from './ports.ts';
import { ProviderWait } from './provider-wait.ts';
import { createStopwatch, thinkingEvent } from './thinking.ts';
import { modelOf, prepareTurn, type ReadyTurn } from './turn-request.ts';

/** Bytes of an answer as JSON: what one row may hold. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Between attempts at keeping an answer while the database is away. */
const KEEP_PAUSE_MS = 500;

export function createModelCalls(ports: ActivityPorts) {
  const { database } = ports;
  return {
    async callModel(turn: TurnKey): Promise<ModelTurn> {
      const step = await whileHeartbeating((signal) => answerTurn(ports, turn, signal));
      const usage = await sessionUsage(database, turn.sessionId);
      return {
        ...modelOutput(step),
        tokens: usage.tokens,
        cost: usage.cost,
      };
    },
  };
}

async function answerTurn(ports: ActivityPorts, turn: TurnKey, signal: AbortSignal): Promise<Step> {
  for (;;) {
    const prepared = await ports.database.transaction((tx) => prepareTurn(ports, tx, turn));
    if (prepared.state === 'done') return prepared.step;
    if (prepared.state === 'spent') throw await withSpent(ports, turn, tooOftenLost(prepared.deliveries));
    const wait = new ProviderWait(ports, turn, prepared);
    try {
      const answered = prepared.answer
        ? { answer: prepared.answer, thinkingMs: null }
        : await ask(ports, { turn, prepared, wait, signal });
      return await keep(ports, { turn, prepared, wait, signal }, answered);
    } catch (error) {
      await wait.settled();
      if (!(await shortenAfter(ports, error, { turn, prepared }))) throw error;
    }
  }
}

interface Asking {
  turn: TurnKey;
  prepared: ReadyTurn;
  wait: ProviderWait;
  signal: AbortSignal;
}

interface Answered {
  answer: ModelAnswer;
  /** How long the model thought, milliseconds; null where it did not, or nobody listened. */
  thinkingMs: number | null;
}

async function ask(ports: ActivityPorts, { turn, prepared, wait, signal }: Asking): Promise<Answered> {
  const { events } = ports;
  const publish = (type: DeltaType, offset: number, text: string) => {
    const delta = { message: answerMessageId(turn), epoch: prepared.epoch, offset, text };
    events.publishLive(sessionStream(turn.sessionId), delta, type);
  };
  const text = createLiveText((offset, piece) => publish('agent_delta', offset, piece));
  const thinking = createLiveText((offset, piece) => publish('thinking_delta', offset, piece));
  const stopwatch = createStopwatch();
  try {
    const answer = await modelOf(ports, prepared.session).complete(prepared.request, {
      signal,
      onText: (piece, offset) => {
        wait.answers();
        stopwatch.stop();
        // what was thought before is shown before what is said
        thinking.end();
        text.push(piece, offset);
      },
      onThinking: (piece, offset) => {
        wait.answers();
        stopwatch.start();
        // that it thinks is told even where the provider does not say what
        if (piece === '') publish('thinking_delta', offset, piece);
        else thinking.push(piece, offset);
      },
    });
    return { answer, thinkingMs: stopwatch.stop() };
  } catch (error) {
    throw await countLost(ports, { turn, key: prepared.key }, error);
  } finally {
    thinking.end();
    text.end();
  }
}

/** Writes the answer, however long the database is away: it is paid for. */
async function keep(
  ports: ActivityPorts,
  { turn, prepared, wait, signal }: Asking,
  answered: Answered,
): Promise<Step> {
  for (;;) {
    try {
      await wait.settled();
      const attempt = { step: stepId(turn), epoch: prepared.epoch };
      return await inSession(ports, { sessionId: turn.sessionId, attempt }, (tx, tell) =>
        commit(ports, { tx, tell }, { turn, prepared, wait, answered }),
      );
    } catch (error) {
      const code = error instanceof TemperaError ? error.code : null;
      if (code === 'SUPERSEDED') throw error;
      if (code !== 'DATABASE_UNAVAILABLE')
        throw await lostInKeeping(ports, { turn, prepared, answered }, error);
      await pauseFor(KEEP_PAUSE_MS, undefined, { signal });
    }
  }
}

/** An answer that was given and that no row takes. */
function lostInKeeping(
  ports: ActivityPorts,
  { turn, prepared, answered: { answer } }: Pick<Asking, 'turn' | 'prepared'> & { answered: Answered },
  error: unknown,
): Promise<unknown> {
  const reason = error instanceof Error ? error.message : String(error);
  const lost = new TemperaError('MODEL_UNAVAILABLE', `An answer came and could not be kept: ${reason}`, {
    cause: error,
    details: { cause: 'answer', said: reason, delivered: { usage: answer.usage, cost: answer.cost } },
  });
  return countLost(ports, { turn, key: prepared.key }, lost);
}

async function commit(
  ports: ActivityPorts,
  { tx, tell }: Writing,
  { turn, prepared, wait, answered }: Omit<Asking, 'signal'> & { answered: Answered },
): Promise<Step> {
  const { agents, settings } = ports;
  const { thinkingMs } = answered;
  // here every provider's answer passes, and one that was stored before: nothing after this meets one that is not
  const known = { messages: prepared.messages, tools: prepared.request.tools };
  const answer = lawfulAnswer(answered.answer, known, agents.mendInput);
  const { sessionId, stage, run } = turn;
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes > MAX_ANSWER_BYTES)
    throw new TemperaError(
      'TOO_LARGE',
      `The answer has ${bytes} bytes; MAX_ANSWER_BYTES is ${MAX_ANSWER_BYTES}. Ask for smaller steps.`,
    );
  const usage = { ...answer.usage };
  await finishModelCall(tx, prepared.key, { answer, usage, cost: answer.cost });
  const message = answerMessageId(turn);
  await insertMessage(tx, {
    id: message,
    session_id: sessionId,
    stage,
    run,
    turn: turn.turn,
    role: 'assistant',
    content: answer.content.map((block) => ({ ...block })),
    metadata: { stopReason: answer.stopReason },
  });
  await wait.end({ tx, tell });
  await tell(...answerEvents(turn, message, { answer, thinkingMs }));
  if (answer.stopReason === 'model_context_window_exceeded') await shorten({ tx, tell }, { turn, prepared });
  const calls = answer.content
    .filter((block) => block.type === 'tool_use')
    // the next request tells of those beyond that they were not run
    .slice(0, settings.callsPerAnswer)
    .map((block) => reference(ports, block));
  return updateStep(
    tx,
    { step: stepId(turn), epoch: prepared.epoch },
    {
      state: 'done',
      output: { stopReason: answer.stopReason, calls },
      usage,
      cost: answer.cost,
    },
  );
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
