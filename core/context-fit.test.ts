import fc from 'fast-check';
import { type ContextFit, fitConversation, NO_FIT, nextFit } from './context-fit.ts';
import type { ModelMessage, ToolResultBlock } from './ports/model.ts';

/** A conversation of so many exchanges, each with a long result; a person speaks with the third. */
function conversation(exchanges: number, characters = 20_000): ModelMessage[] {
  const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: 'The brief.' }] }];
  for (let at = 0; at < exchanges; at += 1) {
    const id = `call_${at}`;
    messages.push({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 's' },
        { type: 'text', text: `Now I look at part ${at}.` },
        { type: 'tool_use', id, name: 'read_file', input: { path: `part-${at}.csv` } },
      ],
    });
    messages.push({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: id, content: `${at}:`.padEnd(characters, 'x') },
        ...(at === 2 ? [{ type: 'text' as const, text: 'Mind column b.' }] : []),
      ],
    });
  }
  return messages;
}

const lengthOf = (messages: ModelMessage[]) => JSON.stringify(messages).length;
const resultsOf = (messages: ModelMessage[]): ToolResultBlock[] =>
  messages.flatMap((message) =>
    message.role === 'user' ? message.content.filter((block) => block.type === 'tool_result') : [],
  );

/** Every call is answered in the message after it, and roles alternate: what a provider demands. */
function expectLawful(messages: ModelMessage[]): void {
  expect(messages.map(({ role }) => role)).toEqual(
    messages.map((_, at) => (at % 2 === 0 ? 'user' : 'assistant')),
  );
  for (const [at, message] of messages.entries()) {
    const ids = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    const next = messages[at + 1]?.content ?? [];
    const answered = next.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
    if (message.role === 'assistant') expect(answered).toEqual(ids);
  }
}

test('without a fit nothing changes', () => {
  expect(fitConversation(conversation(5), NO_FIT)).toEqual(conversation(5));
});

test('older results are shortened first, the recent ones stay whole', () => {
  const messages = conversation(6);
  const fit = nextFit(messages, NO_FIT, 1.2);
  expect(fit).toEqual({ summarised: 0, shortened: 4, characters: 1_000 });
  const fitted = fitConversation(messages, fit ?? NO_FIT);
  expect(resultsOf(fitted).map(({ content }) => content.length > 10_000)).toEqual([
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(resultsOf(fitted)[0]?.content).toContain('characters were left out');
  expectLawful(fitted);
});

test('then the beginning is told in a summary that keeps what people said', () => {
  const messages = conversation(6);
  const fit = nextFit(messages, NO_FIT, 60);
  expect(fit?.summarised).toBeGreaterThanOrEqual(4);
  const fitted = fitConversation(messages, fit ?? NO_FIT);
  const opening = JSON.stringify(fitted[0]);
  expect(opening).toContain('The brief.');
  expect(opening).toContain('Mind column b.');
  expect(opening).toContain('read_file “part-0.csv” gave: 0:');
  expect(opening).not.toContain('Hm.');
  expectLawful(fitted);
});

test('a conversation of which nothing may go cannot be fitted', () => {
  expect(nextFit(conversation(0), NO_FIT)).toBeNull();
  expect(nextFit(conversation(1, 10), NO_FIT, 2)).toBeNull();
});

test(
  'each fit is lawful and shorter than the one before, and what was fitted stays so as the ' +
    'conversation grows',
  () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 10, max: 5_000 }),
        fc.option(fc.double({ min: 0.5, max: 100, noNaN: true }), { nil: undefined }),
        (exchanges, characters, excess) => {
          const messages = conversation(exchanges, characters);
          let fit: ContextFit = NO_FIT;
          for (let round = 0; round < 8; round += 1) {
            const next = nextFit(messages, fit, excess);
            if (next === null) return;
            const fitted = fitConversation(messages, next);
            expectLawful(fitted);
            expect(lengthOf(fitted)).toBeLessThan(lengthOf(fitConversation(messages, fit)));
            const longer = fitConversation(conversation(exchanges + 3, characters), next);
            expect(longer.slice(0, fitted.length - 1)).toEqual(fitted.slice(0, -1));
            fit = next;
          }
          throw new Error('a conversation was fitted without end');
        },
      ),
    );
  },
);
