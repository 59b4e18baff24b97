/**
 * An agent that makes the same call with the same result again and again: its results say so from the third time on,
 * and the loop that drives it is told how often. Counted since a person last said something, by what stands in the
 * message rows, so that a turn that is walked again counts the same.
 */

import { sha256 } from '../core/ids.ts';
import { getMessages, type Queryable, type Transaction, timesGiven } from '../db/index.ts';
import type { Repetition, ToolCall } from '../workflows/contract/activities.ts';
import { callInput } from './call-input.ts';
import { answerMessageId, resultMessageId } from './keys.ts';

/** Calls that people, or the validation of outputs, answer: what they repeat is bounded elsewhere. */
const ANSWERED_BY_OTHERS: readonly string[] = ['ask_user', 'request_approval', 'finish'];

/**
 * What makes two results the same: the call without its title, and the result without what names its own step. Null for
 * one that is not counted: others answer it, or it is the list of tasks, told beside the call that does the work.
 */
export async function signatureOf(tx: Transaction, call: ToolCall, content: string): Promise<string | null> {
  const { name } = call.call;
  if (ANSWERED_BY_OTHERS.includes(name)) return null;
  if (name === 'update_tasks' && (await callsOf(tx, call)) > 1) return null;
  return signatureFor(name, await callInput(tx, call), content);
}

export function signatureFor(name: string, input: Record<string, unknown>, content: string): string {
  const { title: _, ...asked } = input;
  const names = Object.keys(asked).sort();
  const given = content.replaceAll(/output:[0-9a-f-]{36}\//g, 'output:/');
  return sha256(JSON.stringify([name, names.map((key) => [key, asked[key]]), given]));
}

/** How many calls the model made in the turn. */
async function callsOf(tx: Transaction, call: ToolCall): Promise<number> {
  const [message] = await getMessages(tx, [answerMessageId(call)]);
  return message?.content.filter((block) => block.type === 'tool_use').length ?? 0;
}

/** How often the call's result, once written, has been given; empty for the first time. */
export async function repetitionOf(queryable: Queryable, call: ToolCall): Promise<{ repeated?: Repetition }> {
  const times = await timesGiven(queryable, resultMessageId(call, call.call.id));
  if (times < 2) return {};
  return { repeated: { times, what: whatOf(call.call.name, await callInput(queryable, call)) } };
}

const CALLS: Readonly<Record<string, (input: Record<string, unknown>) => string>> = {
  execute_code: ({ title }) => `the script ${quoted(title, 'without a title')}`,
  read_file: ({ path }) => `reading ${quoted(path, 'a file')}`,
  list_files: ({ path }) => `listing the files of ${quoted(path, 'the session')}`,
  query_sql: ({ sql }) => `the query ${quoted(sql, 'of the table')}`,
  update_tasks: () => 'the same list of tasks',
};

/** A call in words for people. */
function whatOf(name: string, input: Record<string, unknown>): string {
  return CALLS[name]?.(input) ?? `the call of ${quoted(name, 'a tool')}`;
}

function quoted(value: unknown, otherwise: string): string {
  if (typeof value !== 'string' || value.trim() === '') return otherwise;
  const line = value.replaceAll(/\s+/g, ' ').trim();
  return `“${line.length > 80 ? `${line.slice(0, 80)}…` : line}”`;
}
