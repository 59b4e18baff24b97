/**
 * What people may do to a session: each command is one transaction of its rows, its event and its Idempotency-Key,
 * so that a repeated command answers what the first one did.
 */

import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { derivedId, newId, sha256 } from '../core/ids.ts';
import { type Limits, LimitsSchema } from '../core/limits.ts';
import { mayAccess, type Principal } from '../core/principal.ts';
import type { Session } from '../core/records.ts';
import {
  assertMayCancel,
  assertStageMayStart,
  runningStage,
  runningState,
  type SessionState,
} from '../core/session-state.ts';
import { isStage, type Stage, stageBefore, stagesAfter } from '../core/stages.ts';
import type { Transaction } from '../db/index.ts';
import type { CommandOf, OpenStage, SessionCommand } from '../workflows/contract/activities.ts';
import { sessionStream } from '../workflows/contract/ids.ts';
import type { StartStageResult } from '../workflows/contract/messages.ts';
import { briefMessageId, ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { toOpenStage } from './session-loading.ts';

/** A command's session, locked; `answered` is what the same key was answered before. */
interface Claimed {
  tx: Transaction;
  session: Session;
  principal: Principal;
}

export function createSessionCommands(ports: ActivityPorts) {
  const { database, repositories, events } = ports;

  /** Locks the session, claims the key, does the work and stores its answer: all or nothing. */
  async function carryOut<T extends object>(
    command: SessionCommand,
    name: string,
    work: (claimed: Claimed) => Promise<T>,
  ): Promise<{ result: T; repeated: boolean }> {
    const principal = command.principal ?? { id: command.owner, role: 'admin' };
    const done = await database.transaction(async (tx) => {
      const session = await repositories.lockSession(tx, principal, command.sessionId);
      if (!session || !mayAccess(principal, session.owner)) {
        throw new TemperaError('NOT_FOUND', `There is no session [${command.sessionId}].`);
      }
      const { key, principal: _, ...request } = command;
      if (key === undefined) return { result: await work({ tx, session, principal }), repeated: false };
      const claimed = await repositories.claimKey(
        tx,
        principal,
        `command:${key}`,
        sha256(JSON.stringify([name, request])),
      );
      if (claimed.response !== null) return { result: claimed.response as T, repeated: true };
      const result = await work({ tx, session, principal });
      await repositories.storeResponse(tx, principal, `command:${key}`, result);
      return { result, repeated: false };
    });
    events.notify(sessionStream(command.sessionId));
    return done;
  }

  const append = (claimed: Claimed, ...list: NewEvent[]) =>
    repositories.appendEvents(claimed.tx, sessionStream(claimed.session.id), list);

  return {
    async beginStage(
      command: CommandOf<{ stage: Stage }>,
    ): Promise<{ result: StartStageResult; open: OpenStage | null }> {
      if (!isStage(command.stage)) {
        throw new TemperaError(
          'INVALID_INPUT',
          `There is no stage '${command.stage}'. Stages are eda, prep and train.`,
        );
      }
      let open: OpenStage | null = null;
      const done = await carryOut(command, 'startStage', async (claimed) => {
        assertStageMayStart(command.stage, claimed.session.state, claimed.session.failed_stage);
        open = await openStageRun(ports, claimed, command.stage);
        return { stage: command.stage, run: open.run, state: runningState(command.stage) };
      });
      return { result: done.result, open: done.repeated ? null : open };
    },

    async sendMessage(command: CommandOf<{ text: string }>): Promise<{ message: string }> {
      const text = checkedText(command.text, 'text');
      const { result } = await carryOut(command, 'sendMessage', async (claimed) => {
        const message = command.key ? derivedId('message', command.sessionId, command.key) : newId();
        const { tx, session } = claimed;
        const content = [{ type: 'text', text }];
        const stage = runningStage(session.state);
        const said = { id: message, session_id: session.id, role: 'user' as const, content, metadata: {} };
        await repositories.insertMessage(tx, { ...said, stage: null, run: null, turn: null });
        await append(claimed, {
          key: `message/${message}`,
          type: 'user_message',
          ...(stage ? { stage } : {}),
          data: { message, text },
        });
        return { message };
      });
      return result;
    },

    async answerQuestion(
      command: CommandOf<{ question: string; text: string }>,
    ): Promise<{ question: string }> {
      const text = checkedText(command.text, 'text');
      const { result } = await carryOut(command, 'answer', async ({ tx, principal, session }) => {
        await assertOpen(ports, tx, session, command.question, 'question');
        await repositories.answerQuestion(tx, principal, command.question, { text });
        return { question: command.question };
      });
      return result;
    },

    async decideApproval(
      command: CommandOf<{ approval: string; approved: boolean; note?: string }>,
    ): Promise<{ approval: string; approved: boolean }> {
      const { approval, approved, note } = command;
      const { result } = await carryOut(command, 'approve', async ({ tx, principal, session }) => {
        await assertOpen(ports, tx, session, approval, 'approval');
        await repositories.answerQuestion(tx, principal, approval, {
          approved: approved === true,
          note: note ?? '',
        });
        return { approval, approved: approved === true };
      });
      return result;
    },

    /** Checks that the session may be cancelled; the state follows when the stage's work has ended. */
    async requestCancel(command: SessionCommand): Promise<{ state: SessionState }> {
      const { result } = await carryOut(command, 'cancel', async ({ session }) => {
        assertMayCancel(session.state);
        return { state: session.state };
      });
      return result;
    },

    async stopAfterStep(command: SessionCommand): Promise<{ state: SessionState }> {
      const { result } = await carryOut(command, 'stopAfterStep', async ({ tx, session }) => {
        if (!runningStage(session.state))
          throw new TemperaError(
            'NOT_WAITING',
            `No stage runs in state ${session.state}: there is nothing to stop.`,
          );
        await repositories.updateSession(tx, session.id, { stop_after_step: true });
        return { state: session.state };
      });
      return result;
    },

    async setLimits(command: CommandOf<{ limits: Partial<Limits> }>): Promise<{ limits: Limits }> {
      const { result } = await carryOut(command, 'setLimits', async ({ tx, session }) => {
        const parsed = LimitsSchema.safeParse({ ...session.limits, ...command.limits });
        if (!parsed.success) {
          const [issue] = parsed.error.issues;
          throw new TemperaError(
            'INVALID_INPUT',
            `limits.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`,
          );
        }
        await repositories.updateSession(tx, session.id, { limits: parsed.data });
        return { limits: parsed.data };
      });
      return result;
    },

    async resume(command: SessionCommand): Promise<{ state: SessionState }> {
      const { result } = await carryOut(command, 'resume', async ({ tx, session }) => {
        const resumable =
          session.stop_after_step ||
          session.waiting?.reason === 'limit' ||
          session.waiting?.reason === 'stopped';
        if (!resumable)
          throw new TemperaError(
            'NOT_WAITING',
            'The session is not stopped and waits for no limit: there is nothing to resume.',
          );
        await repositories.updateSession(tx, session.id, { stop_after_step: false });
        return { state: session.state };
      });
      return result;
    },
  };
}

/** Writes a new run of `stage`: rows, brief, stale marks and event. */
async function openStageRun(
  ports: ActivityPorts,
  { tx, session }: Claimed,
  stage: Stage,
): Promise<OpenStage> {
  const { repositories, agents } = ports;
  const run = await repositories.nextRun(tx, session.id, stage);
  const before = stageBefore(stage);
  const previous = before ? await repositories.latestStageRun(tx, session.id, before) : null;
  const base = previous?.checkpoint ?? null;
  const stale = await repositories.markStale(tx, session.id, stagesAfter(stage));
  const promptVersion = agents.stage(stage).promptVersion;
  const stageRun = {
    session_id: session.id,
    stage,
    run,
    state: 'running' as const,
    reason: null,
    stale: false,
    prompt_version: promptVersion,
    base,
    checkpoint: null,
  };
  await repositories.insertStageRun(tx, stageRun);
  await repositories.updateSession(tx, session.id, {
    state: runningState(stage),
    failed_stage: null,
    waiting: null,
    stop_after_step: false,
  });
  await writeBrief(ports, tx, session, stage, run);
  const list: NewEvent[] = [
    {
      key: `${stage}/${run}/running`,
      type: 'state_change',
      stage,
      run,
      data: { state: runningState(stage) },
    },
  ];
  if (stale.length > 0)
    list.push({ key: `${stage}/${run}/stale`, type: 'stale', stage, run, data: { stages: stale } });
  await repositories.appendEvents(tx, sessionStream(session.id), list);
  const usage = await repositories.sessionUsage(tx, session.id);
  const started = { ...stageRun, started_at: new Date().toISOString(), ended_at: null };
  return toOpenStage(started, [], usage);
}

async function writeBrief(
  ports: ActivityPorts,
  tx: Transaction,
  session: Session,
  stage: Stage,
  run: number,
): Promise<void> {
  const { repositories, agents } = ports;
  const principal = ownerOf(session);
  const experiment = await repositories.getExperiment(tx, principal, session.experiment_id);
  if (!experiment)
    throw new TemperaError('NOT_FOUND', `The experiment [${session.experiment_id}] of the session is gone.`);
  const summaries = await repositories.stageSummaries(tx, session.id, stage);
  const text = agents.brief({ stage, sessionId: session.id, experiment, summaries });
  await repositories.insertMessage(tx, {
    id: briefMessageId({ sessionId: session.id, owner: session.owner, stage, run }),
    session_id: session.id,
    stage,
    run,
    turn: 1,
    role: 'user',
    content: [{ type: 'text', text }],
    metadata: { kind: 'brief' },
  });
}

async function assertOpen(
  ports: ActivityPorts,
  tx: Transaction,
  session: Session,
  id: string,
  kind: 'question' | 'approval',
): Promise<void> {
  const open = await ports.repositories.openQuestions(tx, session.id);
  if (open.some((question) => question.id === id && question.kind === kind)) return;
  const waiting = open.map((question) => question.id).join(', ') || 'none';
  throw new TemperaError(
    'NOT_WAITING',
    `No ${kind} [${id}] is open in this session (open: ${waiting}). The first answer wins.`,
  );
}

/** Characters of a message or an answer. */
export const MAX_MESSAGE_CHARACTERS = 16_000;

function checkedText(text: unknown, field: string): string {
  if (typeof text !== 'string' || text.trim() === '')
    throw new TemperaError('INVALID_INPUT', `${field} must be a text that is not empty.`);
  if (text.length > MAX_MESSAGE_CHARACTERS) {
    throw new TemperaError(
      'INVALID_INPUT',
      `${field} has ${text.length} characters; MAX_MESSAGE_CHARACTERS is ${MAX_MESSAGE_CHARACTERS}. Shorten it.`,
    );
  }
  return text;
}
