/** What the folded line of a model's thinking says. */

import { formatDuration } from '../../../lib/format/times.ts';
import type { ThinkingItem } from '../../../lib/streams/conversation-item.ts';

/** Characters of the glimpse: a line is rarely longer, and the rest is not laid out. */
const GLIMPSE = 160;

/** Shorter than this a figure says nothing. */
const MOMENT_MS = 1_000;

export function thinkingTitle({ streaming, text, withheld, durationMs }: ThinkingItem): string {
  if (streaming) return 'Thinking';
  if (withheld && text === '') return 'Thinking withheld by the provider';
  if (durationMs === null) return 'Thought';
  return durationMs < MOMENT_MS ? 'Thought for a moment' : `Thought for ${formatDuration(durationMs)}`;
}

/** How it began; while it goes on, where it is. */
export function thinkingGlimpse({ streaming, text }: ThinkingItem): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (streaming ? lines.at(-1)?.slice(-GLIMPSE) : lines[0]?.slice(0, GLIMPSE)) ?? '';
}
