import type { ThinkingItem } from '../../../lib/streams/conversation-item.ts';
import { thinkingGlimpse, thinkingTitle } from './thinking-summary.ts';

const item = (change: Partial<ThinkingItem>): ThinkingItem => ({
  ...{ kind: 'thinking', id: 'm/thinking', seq: 1, stage: 'eda', run: 1, at: '' },
  ...{ text: 'First line.\n\nLast line', streaming: false, withheld: false, durationMs: 4_200 },
  ...change,
});

test.each([
  [{}, 'Thought for 4.2 s'],
  [{ durationMs: null }, 'Thought'],
  [{ durationMs: 24 }, 'Thought for a moment'],
  [{ streaming: true, text: '' }, 'Thinking'],
  [{ withheld: true, text: '' }, 'Thinking withheld by the provider'],
  [{ withheld: true }, 'Thought for 4.2 s'],
])('%j says %s', (change, says) => {
  expect(thinkingTitle(item(change))).toBe(says);
});

test('the folded line shows how it began, and while it thinks where it is', () => {
  expect(thinkingGlimpse(item({}))).toBe('First line.');
  expect(thinkingGlimpse(item({ streaming: true }))).toBe('Last line');
  expect(thinkingGlimpse(item({ text: '' }))).toBe('');
});
