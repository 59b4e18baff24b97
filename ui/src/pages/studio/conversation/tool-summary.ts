/** A tool call in one line: what it did, in about six words. */

import type { ToolItem } from '../../../lib/streams/conversation-item.ts';
import { shownOutput } from './shown-output.ts';

const WORDS = 6;
const CHARACTERS = 60;

export function toolTitle({ tool, title, input }: ToolItem): string {
  if (tool === 'read_file') return `Read ${text(input.path)}`;
  if (tool === 'list_files') return `List ${text(input.path) === '.' ? 'all files' : text(input.path)}`;
  if (tool === 'query_sql') return shortened(text(input.sql), 12) || 'Query';
  return title;
}

/** '' while it runs. */
export function toolResult(item: ToolItem): string {
  if (item.state === 'running') return '';
  if (item.state === 'failed') return shortened(lastLine(item), WORDS);
  if (item.tool === 'read_file') return quantity(lineCount(item.result), 'line');
  if (item.tool === 'list_files') return quantity(lineCount(item.result), 'entry', 'entries');
  if (item.tool === 'query_sql') return shortened(firstLine(item.result), WORDS);
  if (item.files.length > 0) return quantity(item.files.length, 'file');
  return shortened(lastOf(shownOutput(item.stdout.text)), WORDS) || 'done';
}

/** What a failure said last: the line that one reads first. */
export function lastLine(item: ToolItem): string {
  return lastOf(item.stderr.text) || lastOf(item.result) || 'It ended without a word.';
}

/** The source that a call shows when it is opened, with its language. */
export function toolSource({ tool, input }: ToolItem): {
  source: string;
  language: 'python' | 'sql' | 'json';
} {
  if (tool === 'execute_code') return { source: text(input.code), language: 'python' };
  if (tool === 'query_sql') return { source: text(input.sql), language: 'sql' };
  return { source: JSON.stringify(input, null, 2), language: 'json' };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const lines = (whole: string): string[] => whole.split('\n').filter((line) => line.trim() !== '');
const lastOf = (whole: string): string => lines(whole).at(-1)?.trim() ?? '';
const firstLine = (whole: string): string => lines(whole)[0]?.trim() ?? '';
const lineCount = (whole: string): number => lines(whole).length;

const quantity = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

function shortened(line: string, most: number): string {
  const words = line.trim().split(/\s+/);
  const some = words.slice(0, most).join(' ');
  const cut = words.length > most || some.length > CHARACTERS;
  return cut ? `${some.slice(0, CHARACTERS)}…` : some;
}
