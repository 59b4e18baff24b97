/**
 * change_decision: what a person has ordered in words, as rows of the ledger by the person. An agent cannot claim it:
 * the words have to stand in a message, an answer or the instructions, and are the rows' reason.
 */

import { type LedgerRow, LONGEST_REASON } from '../core/decisions.ts';
import { derivedId } from '../core/ids.ts';
import { type ChangeRequest, carryOut, orderedContent } from '../core/ordered-changes.ts';
import {
  getExperiment,
  insertDecisions,
  ledgerRows,
  listStageRuns,
  lockSession,
  personsWords,
  type Transaction,
} from '../db/index.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import type { ToolResult } from './call-records.ts';
import { decisionEvents } from './decision-records.ts';
import { ownerOf, stepId } from './keys.ts';

type Parsed = { ok: true; input: Record<string, unknown> } | { ok: false; message: string };

const refused = (content: string): ToolResult => ({ content, isError: true, events: [] });

/** Writes the person's rows, once; what concerns an earlier stage waits for the end of this one. */
export async function changeDecision(tx: Transaction, call: ToolCall, parsed: Parsed): Promise<ToolResult> {
  if (!parsed.ok) return refused(parsed.message);
  const { spoken, ...order } = orderOf(parsed.input);
  const session = await lockSession(tx, ownerOf(call), call.sessionId);
  const experiment = session && (await getExperiment(tx, ownerOf(call), session.experiment_id));
  if (!session || !experiment) return refused('The session is gone.');
  const held = await ledgerRows(tx, session.id);
  const isMessage = (await personsWords(tx, session.id)).some((text) => isSpoken(spoken, text));
  if (!isMessage && !isSpoken(spoken, experiment.instructions))
    return refused('The person has not said that: `spoken` has to be their own words, as they wrote them.');
  const { rows, ordered } = carryOut(isMessage ? order : asInstructed(order, held), {
    experiment,
    rows: held,
    runs: await listStageRuns(tx, session.id),
    stage: call.stage,
    followUp: session.follow_up !== null,
  });
  const step = stepId(call, call.call.id);
  const written = rows.map((row, at) => ({
    ...row,
    ...{ id: derivedId('decision', step, at), session_id: session.id, run: null, by: 'person' as const },
    ...{ reason: reasonOf(spoken), change: derivedId('change', step) },
  }));
  await insertDecisions(tx, written);
  const place = { key: `${step}/decision`, stage: call.stage, run: call.run };
  return { content: orderedContent(ordered), isError: false, events: decisionEvents(written, place) };
}

/** Of the instructions what the person has decided nothing about since. */
function asInstructed({ changes }: ChangeRequest, rows: readonly LedgerRow[]): ChangeRequest {
  const decided = new Set(rows.filter(({ by }) => by === 'person').map(({ key }) => key));
  return { changes: changes.filter(({ key }) => !decided.has(key)), undo: false };
}

function orderOf({ spoken, changes, undo }: Record<string, unknown>): ChangeRequest & { spoken: string } {
  const listed: ChangeRequest['changes'] = Array.isArray(changes) ? changes : [];
  return { spoken: String(spoken), changes: listed, undo: undo === true };
}

/** Words of a quotation that is not all that was said. */
const FEWEST_WORDS = 2;

/** True for a whole message, or words that stand in it side by side. */
function isSpoken(quote: string, text: string): boolean {
  const [words, spoken] = [wordsOf(quote), wordsOf(text)];
  if (words.length === 0) return false;
  const isWhole = words.length === spoken.length || words.length >= FEWEST_WORDS;
  return isWhole && ` ${spoken.join(' ')} `.includes(` ${words.join(' ')} `);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const reasonOf = (spoken: string): string => [...`“${spoken}”`].slice(0, LONGEST_REASON).join('');
