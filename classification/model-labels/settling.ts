/**
 * What follows from an answer: labels that stand, and calls that must still be made.
 *
 * 1. An answer that was cut is asked again in halves, down to one column, for what it lacks.
 * 2. A code that is none of the vocabulary's is asked again twice, then the column is blank.
 * 3. A column without an answer is asked again twice, then it is blank.
 */

import type { Frame } from '../../core/evidence/frame.ts';
import type { ModelAnswer } from '../../core/ports/model.ts';
import { type ColumnAnswer, LABEL_TOOL, readAnswer } from './label-answer.ts';
import { type AskedColumn, halves, type LabelCall } from './label-call.ts';
import { idOf } from './label-prompt.ts';

const MOST_REPAIRS = 2;
const MOST_REPEATS = 2;

export interface Settled {
  /** By key; null: blank, after it was asked as often as may be. */
  labels: ReadonlyMap<string, ColumnAnswer | null>;
  next: readonly LabelCall[];
}

export function settle(
  frame: Frame,
  call: LabelCall,
  answer: Pick<ModelAnswer, 'content' | 'stopReason'>,
): Settled {
  const answers = readAnswer(answerOf(answer.content));
  const labels = new Map<string, ColumnAnswer | null>();
  const missing: AskedColumn[] = [];
  const unknown: AskedColumn[] = [];
  const refused: Record<string, string> = {};
  for (const [place, asked] of call.columns.entries()) {
    const found = answers.get(idOf(place));
    if (found === undefined) missing.push(asked);
    else if (found.code === null || frame.nodes.has(found.code)) labels.set(asked.key, found);
    else {
      unknown.push(asked);
      refused[asked.key] = found.code;
    }
  }
  const repaired = unknown.length === 0 ? [] : repairs(call, unknown, refused);
  const repeated = missing.length === 0 ? [] : repeats(call, missing, answer.stopReason === 'max_tokens');
  const next = [...repaired, ...repeated];
  const again = new Set(next.flatMap(({ columns }) => columns.map(({ key }) => key)));
  for (const { key } of [...unknown, ...missing]) if (!again.has(key)) labels.set(key, null);
  return { labels, next };
}

function answerOf(content: ModelAnswer['content']): unknown {
  for (const block of content)
    if (block.type === 'tool_use' && block.name === LABEL_TOOL.name) return block.input;
  return null;
}

function repairs(call: LabelCall, columns: AskedColumn[], refused: Record<string, string>): LabelCall[] {
  return call.repairs >= MOST_REPAIRS ? [] : [{ ...call, columns, refused, repairs: call.repairs + 1 }];
}

function repeats(call: LabelCall, columns: AskedColumn[], wasCut: boolean): LabelCall[] {
  const rest: LabelCall = { ...call, columns, refused: {} };
  // a call of one column cannot be halved: cut once more, it counts as a repeat
  if (wasCut && columns.length > 1) return halves(rest);
  return call.repeats >= MOST_REPEATS ? [] : [{ ...rest, repeats: call.repeats + 1 }];
}
