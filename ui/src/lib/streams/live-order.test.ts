/** Whatever arrives live, and whenever: what stands in a conversation is what a reload shows, in the same order. */

import fc from 'fast-check';
import { Conversation } from './conversation.ts';
import { asEvent, type LogEvent, type TextDelta } from './log-event.ts';

const MESSAGES = ['m1', 'm2', 'm3'];

const eventOf = (type: string, data: Record<string, unknown>): LogEvent =>
  asEvent({ seq: 0, type, data, stage: 'eda', run: 1, created_at: '2026-01-01T00:00:00Z' });
const recorded = fc.oneof(
  fc
    .constantFrom(...MESSAGES)
    .map((message) => eventOf('agent_message', { message, text: `said ${message}` })),
  fc
    .constantFrom(...MESSAGES)
    .map((message) => eventOf('agent_thinking', { message, text: `thought ${message}`, duration_ms: 1 })),
  fc.uuid().map((message) => eventOf('user_message', { message, text: 'Hello' })),
  fc.uuid().map((step) => eventOf('tool_start', { step, tool: 'execute_code', title: 'T', input: {} })),
  fc.constantFrom('eda_running', 'failed', 'eda_done').map((state) => eventOf('state_change', { state })),
);
const delta = fc.record<TextDelta>({
  part: fc.constantFrom('text', 'thinking'),
  message: fc.constantFrom(...MESSAGES),
  epoch: fc.nat(2),
  offset: fc.nat(9),
  text: fc.string({ minLength: 1, maxLength: 5 }),
});
const arrivals = fc.array(fc.oneof(recorded, delta), { maxLength: 40 });

const isDelta = (arrival: LogEvent | TextDelta): arrival is TextDelta => 'offset' in arrival;

test('the live order is the order after a reload', () => {
  fc.assert(
    fc.property(arrivals, (list) => {
      const live = new Conversation();
      const reloaded = new Conversation();
      let seq = 0;
      for (const arrival of list) {
        if (isDelta(arrival)) live.addDelta(arrival);
        else {
          seq += 1;
          for (const conversation of [live, reloaded]) conversation.ingest({ ...arrival, seq });
        }
      }
      const known = live.items.filter((item) => item.seq !== 0);
      expect(known).toEqual(reloaded.items);
      for (const item of live.items) expect(live.get(item.id)).toBe(item);
    }),
    { numRuns: 500 },
  );
});
