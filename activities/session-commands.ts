/**
 * What people may do to a session: each command is one transaction of its rows, its event and its Idempotency-Key,
 * so that a repeated command answers what the first one did.
 */

import { TemperaError } from '../core/errors.ts';
import type { NewEvent } from '../core/events.ts';
import { derivedId, newId } from '../core/ids.ts';
import { inWords } from '../core/issue-words.ts';
import { textProblem } from '../core/lawful-text.ts';
import { type Limits, LimitsSchema } from '../core/limits.ts';
import type { Session } from '../core/records.ts';
import {
  assertMayCancel,
  assertStageMayStart,
  runningStage,
  runningState,
  type SessionState,
} from '../core/session-state.ts';
import { isStage, type Stage } from '../core/stages.ts';
import type { Transaction } from '../db/index.ts';
import type { CommandOf, OpenStage, SessionCommand } from '../workflows/contract/activities.ts';
import { sessionStream } from '../workflows/contract/ids.ts';
import type { StartStageResult } from '../workflows/contract/messages.ts';
import { type Claimed, createCommandRunner } from './carry-out.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { resumeSession } from './resuming.ts';
import { readOpenStage } from './session-loading.ts';
import { openFollowUp, openStageRun } from './stage-opening.ts';

export function createSessionCommands(ports: ActivityPorts) {
  const { database, repositories } = ports;
  const carryOut = createCommandRunner(ports);

  /** What is open now: a command that is carried out again after a crash must still set the loop going. */
  async function openByRows({ sessionId, owner }: SessionCommand): Promise<OpenStage | null> {
    const session = await repositories.getSession(database, ownerOf({ owner }), sessionId);
    return session && readOpenStage(ports, session);
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
        assertNoFollowUp(claimed.session, command.stage);
        assertStageMayStart(command.stage, claimed.session.state, claimed.session.failed_stage);
        open = await openStageRun(ports, claimed, command.stage);
        return { stage: command.stage, run: open.run, state: runningState(command.stage) };
      });
      return { result: done.result, open: open ?? (await openByRows(command)) };
    },

    /** After the last stage a message opens a follow-up, unless one is open and takes it at its next turn. */
    async sendMessage(
      command: CommandOf<{ text: string }>,
    ): Promise<{ result: { message: string }; open: OpenStage | null }> {
      const text = checkedText(command.text, 'text');
      let open: OpenStage | null = null;
      const { result } = await carryOut(command, 'sendMessage', async (claimed) => {
        const message = command.key ? derivedId('message', command.sessionId, command.key) : newId();
        const { tx, session } = claimed;
        assertRead(session);
        if (session.state === 'train_done' && session.follow_up === null)
          open = await openFollowUp(ports, claimed);
        const content = [{ type: 'text', text }];
        const stage = open === null ? (session.follow_up?.stage ?? runningStage(session.state)) : open.stage;
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
      return { result, open: open ?? (await openByRows(command)) };
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
          note: note ? checkedText(note, 'note') : '',
        });
        return { approval, approved: approved === true };
      });
      return result;
    },

    /**
     * Checks that the session may be cancelled; the state follows when the stage's work has ended. While a follow-up
     * is open only that is cancelled, and the state stays.
     */
    async requestCancel(command: SessionCommand): Promise<{ state: SessionState }> {
      const { result } = await carryOut(command, 'cancel', async ({ session }) => {
        if (session.follow_up === null) assertMayCancel(session.state);
        return { state: session.state };
      });
      return result;
    },

    async stopAfterStep(command: SessionCommand): Promise<{ state: SessionState }> {
      const { result } = await carryOut(command, 'stopAfterStep', async ({ tx, session }) => {
        if (!runningStage(session.state) && session.follow_up === null)
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
        const parsed = LimitsSchema.safeParse({ ...session.limits, ...command.limits }, { error: inWords });
        if (!parsed.success) {
          const [issue] = parsed.error.issues;
          throw new TemperaError(
            'INVALID_INPUT',
            `limits.${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}.`,
          );
        }
        await repositories.updateSession(tx, session.id, { limits: parsed.data });
        return { limits: parsed.data };
      });
      return result;
    },

    /** Ends a stop or a limit; what waits for its provider or goes round in circles is tried again at once. */
    async resume(command: CommandOf<{ model?: string }>): Promise<{ state: SessionState }> {
      const { result } = await carryOut(command, 'resume', (claimed) =>
        resumeSession(ports, claimed, command),
      );
      return result;
    },
  };
}

/**
 * A message outside a stage waits for the next one; only after a cancellation none comes.
 * @throws TemperaError CONFLICT (409)
 */
function assertRead({ state }: Session): void {
  if (state !== 'cancelled') return;
  throw new TemperaError(
    'CONFLICT',
    'The session is cancelled: no agent reads messages in it any more. Fork it at one of its ' +
      'steps, or make a new session of its experiment.',
  );
}

/** @throws TemperaError STAGE_NOT_READY (409) while a follow-up is open */
function assertNoFollowUp({ follow_up }: Session, stage: Stage): void {
  if (follow_up === null) return;
  throw new TemperaError(
    'STAGE_NOT_READY',
    `Follow-up ${follow_up.n} is being answered. Wait until it ends or cancel it, then start ${stage}.`,
  );
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
  const problem = textProblem(text);
  if (problem !== null) throw new TemperaError('INVALID_INPUT', `${field} ${problem}.`);
  return text;
}
