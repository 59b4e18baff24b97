/** What is told of a model's thinking: for how long, and what it said, as far as its provider shows it. */

import type { NewEvent } from '../core/events.ts';
import { headOf } from '../core/lawful-text.ts';
import type { AssistantBlock } from '../core/ports/model.ts';

/** Characters of thinking in the event, UTF-16 units: a page of events stays small. The message holds the whole. */
export const MAX_THINKING_CHARACTERS = 64 * 1024;

/** The event of a message's thinking; null where the model did not think. */
export function thinkingEvent(
  message: string,
  content: readonly AssistantBlock[],
  durationMs: number | null,
): Extract<NewEvent, { type: 'agent_thinking' }> | null {
  const texts = content.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : []));
  const redacted = content.some((block) => block.type === 'redacted_thinking');
  if (texts.length === 0 && !redacted) return null;
  const text = shortened(texts.filter((each) => each !== '').join('\n\n'));
  const data = { message, text, withheld: redacted || text === '', duration_ms: durationMs };
  return { key: `${message}/thinking`, type: 'agent_thinking', data };
}

/** Cut at the end, never inside a surrogate pair. */
function shortened(text: string): string {
  if (text.length <= MAX_THINKING_CHARACTERS) return text;
  const shown = headOf(text, MAX_THINKING_CHARACTERS);
  return `${shown}\n\n(${text.length - shown.length} more characters are kept with the message.)`;
}

/** Sums up the milliseconds between starts and stops. */
export function createStopwatch(now: () => number = () => performance.now()) {
  let since: number | null = null;
  let total: number | null = null;
  return {
    /** A second start while it runs changes nothing. */
    start(): void {
      since ??= now();
    },
    /** @returns the sum so far, whole milliseconds; null when it never ran */
    stop(): number | null {
      if (since !== null) total = (total ?? 0) + now() - since;
      since = null;
      return total === null ? null : Math.round(total);
    },
  };
}
