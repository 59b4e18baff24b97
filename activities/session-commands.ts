/**
 * What people may do to a session: each command is one transaction of its rows, its event and its Idempotency-Key,
 * so that a repeated command answers what the first one did.
 */

import { TemperaError } from '../core/errors.ts';
import { derivedId, newId } from '../core/ids.ts';
import { inWords } from '../core/issue-words.ts';
import { textProblem } from '../core/lawful-text.ts';
import { type Limits, LimitsSchema } from '../core/limits.ts';
import {
  assertMayCancel,
  assertMayStop,
  assertMayTell,
  assertStageMayStart,
  openStage,
  opensFollowUp,
} from '../core/session-rules.ts';
import { runningState, type SessionState } from '../core/session-state.ts';
import { isStage, type Stage } from '../core/stages.ts';
import { getSession, insertDecisions, insertMessage, type NewDecision, updateSession } from '../db/index.ts';
import type { CommandOf, OpenStage, SessionCommand } from '../workflows/contract/activities.ts';
import type { StartStageResult } from '../workflows/contract/messages.ts';
import { giveAnswer } from './answers.ts';
import { createCommandHandler } from './command-handler.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { resumeSession } from './resuming.ts';
import { readOpenStage } from './session-loading.ts';
import { openFollowUp, openStageRun } from './stage-opening.ts';

export function createSessionCommands(ports: ActivityPorts) {
  const { database } = ports;
  const handleCommand = createCommandHandler(ports);

  /** What is open now: a command that is carried out again after a crash must still set the loop going. */
  async function openByRows({ sessionId, owner }: SessionCommand): Promise<OpenStage | null> {
    const session = await getSession(database, ownerOf({ owner }), sessionId);
    return session && readOpenStage(ports, session);
  }

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
      const done = await handleCommand(command, 'startStage', async (transaction) => {
        assertStageMayStart(command.stage, transaction.session);
        open = await openStageRun(ports, transaction, command.stage);
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
      const { result } = await handleCommand(command, 'sendMessage', async (transaction) => {
        const message = command.key ? derivedId('message', command.sessionId, command.key) : newId();
        const { tx, session } = transaction;
        assertMayTell(session);
        if (opensFollowUp(session)) open = await openFollowUp(ports, transaction);
        const content = [{ type: 'text', text }];
        const stage = open === null ? openStage(session) : open.stage;
        const row = { id: message, session_id: session.id, role: 'user' as const, content, metadata: {} };
        await insertMessage(tx, { ...row, stage: null, run: null, turn: null });
        await transaction.tell({
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
      const { result } = await handleCommand(command, 'answer', async (transaction) => {
        await giveAnswer(transaction, { id: command.question, kind: 'question', answer: { text } });
        return { question: command.question };
      });
      return result;
    },

    async decideApproval(
      command: CommandOf<{ approval: string; approved: boolean; note?: string }>,
    ): Promise<{ approval: string; approved: boolean }> {
      const { approval, note } = command;
      const approved = command.approved === true;
      const { result } = await handleCommand(command, 'approve', async (transaction) => {
        const decision = { approved, note: note ? checkedText(note, 'note') : '' };
        await giveAnswer(transaction, { id: approval, kind: 'approval', answer: decision });
        return { approval, approved };
      });
      return result;
    },

    /**
     * Checks that the session may be cancelled; the state follows when the stage's work has ended. While a follow-up
     * is open only that is cancelled, and the state stays.
     */
    async requestCancel(command: SessionCommand): Promise<{ state: SessionState }> {
      const { result } = await handleCommand(command, 'cancel', async ({ session }) => {
        assertMayCancel(session);
        return { state: session.state };
      });
      return result;
    },

    async stopAfterStep(command: SessionCommand): Promise<{ state: SessionState }> {
      const { result } = await handleCommand(command, 'stopAfterStep', async ({ tx, session }) => {
        assertMayStop(session);
        await updateSession(tx, session.id, { stop_after_step: true });
        return { state: session.state };
      });
      return result;
    },

    async setLimits(command: CommandOf<{ limits: Partial<Limits> }>): Promise<{ limits: Limits }> {
      const { result } = await handleCommand(command, 'setLimits', async ({ tx, session }) => {
        const parsed = LimitsSchema.safeParse({ ...session.limits, ...command.limits }, { error: inWords });
        if (!parsed.success) {
          const [issue] = parsed.error.issues;
          throw new TemperaError(
            'INVALID_INPUT',
            `limits.${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}.`,
          );
        }
        await updateSession(tx, session.id, { limits: parsed.data });
        await insertDecisions(tx, budgetRows(session.id, command.limits));
        return { limits: parsed.data };
      });
      return result;
    },

    /** Ends a stop or a limit; what waits for its provider or goes round in circles is tried again at once. */
    async resume(command: CommandOf<{ model?: string }>): Promise<{ state: SessionState }> {
      const { result } = await handleCommand(command, 'resume', (transaction) =>
        resumeSession(ports, transaction, command),
      );
      return result;
    },
  };
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

/** New limits are decisions of the person's, too. */
function budgetRows(session: string, limits: Partial<Limits>): NewDecision[] {
  return Object.entries(limits).map(([name, value]) => ({
    ...{ id: newId(), session_id: session, stage: null, run: null, by: 'person' as const },
    ...{ key: `budget.${name}`, value, reason: 'it was changed' },
  }));
}
