/**
 * Rows and events that the loop itself writes: control tools, questions, waits and early ends. All are local
 * activities.
 */

import type { NewEvent } from '../core/events.ts';
import { derivedId } from '../core/ids.ts';
import { assertMayCancel } from '../core/session-rules.ts';
import { runningStage } from '../core/session-state.ts';
import { stageBefore } from '../core/stages.ts';
import {
  getQuestion,
  inSession,
  insertMessage,
  insertQuestion,
  latestStageRun,
  lockSession,
  type Transaction,
  takeQueued,
  updateSession,
  updateStageRun,
} from '../db/index.ts';
import type {
  OpenedQuestion,
  Repetition,
  SessionKey,
  StageEnd,
  ToolCall,
  TurnKey,
  WaitingChange,
} from '../workflows/contract/activities.ts';
import { callInput } from './call-input.ts';
import { endOpenSteps, writeToolResult } from './call-records.ts';
import { changeDecision } from './changed-decision.ts';
import { ownerOf, placeOf, stepId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { recordDecision } from './recorded-decision.ts';
import { repetitionOf } from './repetition.ts';

/** Tools that write into the ledger. */
const DECIDING = new Map<string, typeof recordDecision>([
  ['record_decision', recordDecision],
  ['change_decision', changeDecision],
]);

export function createStageRecords(ports: ActivityPorts) {
  const { agents } = ports;
  return {
    /** update_tasks, decisions, finish in a follow-up, and calls of tools that no agent has. */
    async recordControl(call: ToolCall): Promise<{ repeated?: Repetition }> {
      return inSession(ports, call, async (tx, tell) => {
        const parsed = agents.parseInput(call.call.name, await callInput(tx, call));
        const decide = DECIDING.get(call.call.name);
        if (decide !== undefined) {
          await writeToolResult({ tx, tell }, call, await decide(tx, call, parsed));
          return repetitionOf(tx, call);
        }
        const done = call.call.name === 'finish' ? 'The follow-up is done.' : 'The list is shown.';
        const content = parsed.ok ? done : parsed.message;
        const items = parsed.ok ? tasksOf(parsed.input) : null;
        const list: NewEvent[] = items
          ? [
              {
                key: `${stepId(call, call.call.id)}/tasks`,
                type: 'tasks',
                stage: call.stage,
                run: call.run,
                data: { items },
              },
            ]
          : [];
        await writeToolResult({ tx, tell }, call, { content, isError: !parsed.ok, events: list });
        return repetitionOf(tx, call);
      });
    },

    /** Opens the question of an ask_user or request_approval call; a call with a wrong input is answered at once. */
    async openQuestion(call: ToolCall): Promise<OpenedQuestion & { invalid: boolean }> {
      return inSession(ports, call, async (tx, tell) => {
        const step = stepId(call, call.call.id);
        const id = derivedId('question', step);
        const parsed = agents.parseInput(call.call.name, await callInput(tx, call));
        if (!parsed.ok) {
          await writeToolResult({ tx, tell }, call, { content: parsed.message, isError: true, events: [] });
          return { question: id, answered: false, invalid: true };
        }
        const approval = call.call.name === 'request_approval';
        const text = String((approval ? parsed.input.action : parsed.input.question) ?? '');
        const choices = Array.isArray(parsed.input.choices) ? parsed.input.choices.map(String) : [];
        const kind = approval ? 'approval' : 'question';
        await insertQuestion(tx, {
          id,
          session_id: call.sessionId,
          step_id: step,
          kind,
          text,
          choices,
        });
        const place = { key: `${step}/${kind}`, stage: call.stage, run: call.run };
        const event: NewEvent = approval
          ? { ...place, type: 'approval', data: { id, action: text } }
          : { ...place, type: 'question', data: { id, text, choices } };
        await tell(event);
        const question = await getQuestion(tx, ownerOf(call), id);
        const answered = question?.answer != null;
        // with the event, so that nobody who has read the question finds a session that waits for nothing
        const waiting = answered ? null : ({ reason: kind, subject: id } as const);
        await updateSession(tx, call.sessionId, { waiting });
        return { question: id, answered, invalid: false };
      });
    },

    /** Writes an answered question's tool result; says false while it is still open. */
    async recordAnswer(call: ToolCall & { question: string }): Promise<{ answered: boolean }> {
      return inSession(ports, call, async (tx, tell) => {
        const question = await getQuestion(tx, ownerOf(call), call.question);
        const answer = question?.answer;
        if (answer === null || answer === undefined) return { answered: false };
        await writeToolResult({ tx, tell }, call, {
          content: answerText({ ...answer }),
          isError: false,
          events: [],
        });
        return { answered: true };
      });
    },

    /** A message of the platform to an agent that stopped without a tool call. */
    async nudge(turn: TurnKey & { text: string }): Promise<void> {
      await inSession(ports, turn, async (tx) => {
        const id = derivedId('message', stepId(turn), 'nudge');
        const { sessionId, stage, run } = turn;
        const content = [{ type: 'text', text: turn.text }];
        await insertMessage(tx, {
          id,
          session_id: sessionId,
          stage,
          run,
          turn: turn.turn + 1,
          role: 'user',
          content,
          metadata: { kind: 'nudge' },
        });
      });
    },

    async setWaiting(change: WaitingChange): Promise<void> {
      const { sessionId, stage, run, turn, waiting } = change;
      await inSession(ports, change, async (tx, tell) => {
        if (await isOver(tx, change)) return;
        await updateSession(tx, sessionId, { waiting });
        const place = [
          ...[stage, run, turn, change.wakeups, 'waiting'],
          ...[waiting?.reason ?? 'none', waiting?.until ?? '', waiting?.subject ?? ''],
        ].join('/');
        const list: NewEvent[] = [
          {
            key: place,
            type: 'waiting',
            stage,
            run,
            data: { reason: null, ...waiting },
          },
        ];
        if (waiting?.reason === 'limit' && change.message) {
          list.push({
            key: `${place}/limit`,
            type: 'limit_reached',
            stage,
            run,
            data: { limit: waiting.subject ?? '', message: change.message },
          });
        }
        await tell(...list);
      });
    },

    /** The session is cancelled: what was running has ended and committed what it had. */
    async finishCancel({ sessionId, owner }: SessionKey): Promise<void> {
      await inSession(ports, { sessionId }, async (tx, tell) => {
        const session = await lockSession(tx, ownerOf({ owner }), sessionId);
        if (!session || session.state === 'cancelled') return;
        assertMayCancel(session);
        const stage = runningStage(session.state);
        const stageRun = stage ? await latestStageRun(tx, sessionId, stage) : null;
        if (stageRun) await updateStageRun(tx, stageRun, { state: 'cancelled' });
        await takeQueued(tx, sessionId);
        await updateSession(tx, sessionId, { state: 'cancelled', waiting: null });
        await tell({ key: 'cancelled', type: 'state_change', data: { state: 'cancelled' } });
      });
    },

    async failStage(end: StageEnd): Promise<void> {
      const { sessionId, stage, run, code } = end;
      const before = stageBefore(stage);
      const base = before === null ? 'an empty workspace' : `the last checkpoint of ${before}`;
      const remedy =
        code === 'INTERNAL' ? ` Nothing is lost: start ${stage} again, and it goes on from ${base}.` : '';
      const message = `${end.message}${remedy}`;
      await inSession(ports, end, async (tx, tell) => {
        await endOpenSteps({ tx, tell }, end, message);
        await updateStageRun(tx, placeOf(end), { state: 'failed', reason: message });
        await takeQueued(tx, sessionId);
        await updateSession(tx, sessionId, {
          state: 'failed',
          failed_stage: stage,
          waiting: null,
        });
        await tell(
          { key: `${stage}/${run}/error`, type: 'error', stage, run, data: { code, message } },
          {
            key: `${stage}/${run}/failed`,
            type: 'state_change',
            stage,
            run,
            data: { state: 'failed', reason: message },
          },
        );
      });
    },
  };
}

/** Told already by what ended it: an answer that came before the wait for it was told, or that ended it. */
async function isOver(tx: Transaction, change: WaitingChange): Promise<boolean> {
  const { waiting } = change;
  const principal = ownerOf(change);
  if (waiting === null) {
    const session = await lockSession(tx, principal, change.sessionId);
    return session !== null && session.waiting === null;
  }
  if (waiting.reason !== 'question' && waiting.reason !== 'approval') return false;
  const question = await getQuestion(tx, principal, waiting.subject ?? '');
  return question?.answered_at != null;
}

function tasksOf(
  input: Record<string, unknown>,
): { title: string; state: 'pending' | 'in_progress' | 'done' }[] | null {
  return Array.isArray(input.items) ? input.items : null;
}

function answerText(answer: Record<string, unknown>): string {
  if ('approved' in answer) {
    const note = answer.note ? ` Note: ${String(answer.note)}` : '';
    return `${answer.approved ? 'Approved.' : 'Not approved. Do not do it.'}${note}`;
  }
  return String(answer.text ?? '');
}
