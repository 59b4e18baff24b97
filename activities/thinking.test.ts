/** What a model thinks as one event: its blocks and time, and that it is said to be withheld where it is. */

import { createStopwatch, MAX_THINKING_CHARACTERS, thinkingEvent } from './thinking.ts';

const thinking = (text: string) => ({ type: 'thinking' as const, thinking: text, signature: 's' });
const redacted = { type: 'redacted_thinking' as const, data: 'sealed' };
const answer = { type: 'text' as const, text: 'Done.' };

test('an answer without thinking has no such event', () => {
  expect(thinkingEvent('m', [answer], 5)).toBeNull();
});

test('the blocks stand a blank line apart, and no signature is told', () => {
  const event = thinkingEvent('m', [thinking('One.'), answer, thinking('Two.')], 1_200);
  const data = { message: 'm', text: 'One.\n\nTwo.', withheld: false, duration_ms: 1_200 };
  expect(event).toEqual({ key: 'm/thinking', type: 'agent_thinking', data });
});

test.each([
  ['a sealed block', [redacted], ''],
  ['a block that came without its text', [thinking('')], ''],
  ['a sealed block beside an open one', [thinking('One.'), redacted], 'One.'],
])('%s is told as withheld', (_what, content, text) => {
  expect(thinkingEvent('m', content, null)?.data).toMatchObject({ text, withheld: true });
  expect(JSON.stringify(thinkingEvent('m', content, null))).not.toContain('sealed');
});

test('long thinking is cut with its rest counted, and no character is halved', () => {
  const text = `a${'🐧'.repeat(MAX_THINKING_CHARACTERS / 2)}`;
  const shown = thinkingEvent('m', [thinking(text)], null)?.data.text ?? '';
  expect(shown).toMatch(/🐧\n\n\(2 more characters are kept with the message\.\)$/u);
  expect(() => encodeURIComponent(shown)).not.toThrow();
});

test('a stopwatch sums up what lies between starts and stops', () => {
  let at = 100;
  const stopwatch = createStopwatch(() => at);
  expect(stopwatch.stop()).toBeNull();
  stopwatch.start();
  at = 150;
  stopwatch.start();
  at = 400;
  expect(stopwatch.stop()).toBe(300);
  at = 500;
  expect(stopwatch.stop()).toBe(300);
  stopwatch.start();
  at = 510;
  expect(stopwatch.stop()).toBe(310);
});
