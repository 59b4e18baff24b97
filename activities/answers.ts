/**
 * A person's answer to what the agent asked: kept, and told with the end of the wait that its question was asked
 * with.
 */

import { TemperaError } from '../core/errors.ts';
import type { Answer, Session } from '../core/records.ts';
import { runningStage } from '../core/session-state.ts';
import type { Stage } from '../core/stages.ts';
import {
  answerQuestion,
  latestStageRun,
  openQuestions,
  type Question,
  type Transaction,
  updateSession,
} from '../db/index.ts';
import type { CommandTransaction } from './command-handler.ts';

interface GivenAnswer {
  id: string;
  kind: Question['kind'];
  answer: Answer;
}

/** Keeps the answer and tells it: the wait that its question was asked with is over by it. */
export async function giveAnswer(transaction: CommandTransaction, given: GivenAnswer): Promise<void> {
  const { tx, tell, principal, session } = transaction;
  await assertOpen(tx, session, given);
  const { id, answered_by: by, answered_at: at } = await answerQuestion(tx, principal, given);
  const waiting = session.waiting?.subject === id ? null : session.waiting;
  if (waiting === null) await updateSession(tx, session.id, { waiting });
  await tell({
    key: `${id}/answered`,
    type: 'waiting',
    ...(await openRun(tx, session)),
    data: { reason: null, ...waiting, answers: { question: id, answer: given.answer, by, at: at ?? '' } },
  });
}

/** The stage run in which the session's agent is at work; empty where it is not. */
async function openRun(
  tx: Transaction,
  { id, follow_up, state }: Session,
): Promise<{ stage?: Stage; run?: number }> {
  if (follow_up) return { stage: follow_up.stage, run: follow_up.run };
  const stage = runningStage(state);
  const stageRun = stage && (await latestStageRun(tx, id, stage));
  return stageRun ? { stage: stageRun.stage, run: stageRun.run } : {};
}

/** @throws TemperaError NOT_WAITING */
async function assertOpen(tx: Transaction, session: Session, { id, kind }: GivenAnswer): Promise<void> {
  const open = await openQuestions(tx, session.id);
  if (open.some((question) => question.id === id && question.kind === kind)) return;
  const waiting = open.map((question) => question.id).join(', ') || 'none';
  throw new TemperaError(
    'NOT_WAITING',
    `No ${kind} [${id}] is open in this session (open: ${waiting}). The first answer wins.`,
  );
}
