/** What of a tool call's input is mended rather than refused: a call is too dear to be sent back for a long title. */

import { headOf } from '../core/lawful-text.ts';
import { TITLE_CHARACTERS } from './tools.ts';

/** The input with its titles cut to what the tool takes; inputs of other tools, and what is no title, as they came. */
export function mendedInput(tool: string, input: Record<string, unknown>): Record<string, unknown> {
  if (tool === 'execute_code') return withTitle(input, TITLE_CHARACTERS.execute_code);
  if (tool !== 'update_tasks' || !Array.isArray(input.items)) return input;
  const items = input.items.map((item) =>
    isObject(item) ? withTitle(item, TITLE_CHARACTERS.update_tasks) : item,
  );
  return { ...input, items };
}

function withTitle(input: Record<string, unknown>, most: number): Record<string, unknown> {
  const { title } = input;
  if (typeof title !== 'string' || title.length <= most) return input;
  return { ...input, title: `${headOf(title, most - 1)}…` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
