import { NO_WORDS, NOT_RUN, toConversation } from './conversation.ts';

type Row = Parameters<typeof toConversation>[0][number];

const text = (value: string) => ({ type: 'text', text: value });
const call = (id: string, input: Record<string, unknown> = {}) => ({
  type: 'tool_use',
  id,
  name: 'read_file',
  input,
});
const result = (id: string, content = 'ok') => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  is_error: false,
});
const thinking = { type: 'thinking', thinking: 'Hm  …\n', signature: 'c2ln+/=' };
const user = (...content: Row['content']): Row => ({ role: 'user', content });
const assistant = (...content: Row['content']): Row => ({ role: 'assistant', content });
const tool = (...content: Row['content']): Row => ({ role: 'tool', content });
const notRun = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: NOT_RUN, is_error: true });

test('no rows are no conversation', () => {
  expect(toConversation([])).toEqual([]);
});

test('rows of one tool call each become one user message in the order of the calls', () => {
  const rows = [
    user(text('Look.')),
    assistant(text('I look.'), call('a'), call('b')),
    tool(result('b', 'second')),
    tool(result('a', 'first')),
  ];
  expect(toConversation(rows)).toEqual([
    { role: 'user', content: [text('Look.')] },
    { role: 'assistant', content: [text('I look.'), call('a'), call('b')] },
    { role: 'user', content: [result('a', 'first'), result('b', 'second')] },
  ]);
});

test('a message that a person sent before the results stands after them', () => {
  const rows = [user(text('Look.')), assistant(call('a')), user(text('And hurry.')), tool(result('a'))];
  expect(toConversation(rows).at(-1)).toEqual({ role: 'user', content: [result('a'), text('And hurry.')] });
});

test('a call without a result is answered with an error', () => {
  const rows = [user(text('Look.')), assistant(call('a'), call('b')), tool(result('a'))];
  expect(toConversation(rows).at(-1)).toEqual({ role: 'user', content: [result('a'), notRun('b')] });
});

test('a call that the next answer follows at once is closed before that answer', () => {
  const rows = [user(text('Look.')), assistant(call('a')), assistant(text('Well.')), user(text('Go on.'))];
  expect(toConversation(rows)).toEqual([
    { role: 'user', content: [text('Look.')] },
    { role: 'assistant', content: [call('a')] },
    { role: 'user', content: [notRun('a')] },
    { role: 'assistant', content: [text('Well.')] },
    { role: 'user', content: [text('Go on.')] },
  ]);
});

test('results that answer nothing and second results of a call are left out', () => {
  const rows = [
    user(text('Look.'), result('nobody')),
    assistant(call('a')),
    tool(result('a', 'first')),
    tool(result('a', 'again')),
    tool(result('z')),
  ];
  expect(toConversation(rows)).toEqual([
    { role: 'user', content: [text('Look.')] },
    { role: 'assistant', content: [call('a')] },
    { role: 'user', content: [result('a', 'first')] },
  ]);
});

test('consecutive user rows are one message, blank texts are dropped', () => {
  const rows = [user(text('One.')), user(text(' \n'), text('')), user(text('Two.'))];
  expect(toConversation(rows)).toEqual([{ role: 'user', content: [text('One.'), text('Two.')] }]);
});

test('consecutive answers without calls are one message, as a resumed turn is', () => {
  const rows = [user(text('Go.')), assistant(text('First')), assistant(thinking, text('second'))];
  expect(toConversation(rows)).toEqual([
    { role: 'user', content: [text('Go.')] },
    { role: 'assistant', content: [text('First'), thinking, text('second')] },
  ]);
});

test('a conversation never starts with the assistant', () => {
  const [first, second] = toConversation([assistant(text('Hello.'))]);
  expect(first).toEqual({ role: 'user', content: [text('Begin.')] });
  expect(second).toEqual({ role: 'assistant', content: [text('Hello.')] });
});

test('thinking is kept byte for byte, in its place', () => {
  const redacted = { type: 'redacted_thinking', data: 'AAEC' };
  const rows = [
    user(text('Go.')),
    assistant(thinking, redacted, text('So.'), thinking, call('a', { path: 'é ' })),
  ];
  expect(toConversation(rows)[1]).toEqual({
    role: 'assistant',
    content: [thinking, redacted, text('So.'), thinking, call('a', { path: 'é ' })],
  });
});

test('an answer that was cut off in its thinking is left out, and what follows joins the user’s message', () => {
  const rows = [user(text('Go.')), assistant(thinking, text(' ')), user(text('Shorter, please.'))];
  expect(toConversation(rows)).toEqual([{ role: 'user', content: [text('Go.'), text('Shorter, please.')] }]);
});

test('system rows are not part of the conversation', () => {
  expect(toConversation([{ role: 'system', content: [text('You are …')] }, user(text('Go.'))])).toEqual([
    { role: 'user', content: [text('Go.')] },
  ]);
});

test('a block of another kind is refused', () => {
  expect(() => toConversation([user({ type: 'image', data: '' })])).toThrow();
});

test('the rows are not changed and the result does not depend on how often it is made', () => {
  const rows = [user(text('Go.')), assistant(text('A')), assistant(call('a')), tool(result('a'))];
  const before = JSON.stringify(rows);
  const once = JSON.stringify(toConversation(rows));
  expect(JSON.stringify(toConversation(rows))).toBe(once);
  expect(JSON.stringify(rows)).toBe(before);
});

test('whatever the rows are, the provider’s rules hold', () => {
  const kinds: Row[] = [
    user(text('Hi.')),
    user(text('')),
    assistant(text('Yes.')),
    assistant(call('a'), call('b')),
    assistant(thinking),
    tool(result('a')),
    tool(result('b')),
  ];
  for (let number = 0; number < kinds.length ** 5; number += 1) {
    const rows = Array.from(
      { length: 5 },
      (_, at) => kinds[Math.floor(number / kinds.length ** at) % kinds.length],
    );
    expectRules(toConversation(rows.filter((row) => row !== undefined)));
  }
});

function expectRules(messages: ReturnType<typeof toConversation>): void {
  let open: string[] = [];
  const wrong = messages.filter((message, at) => {
    const ids = message.content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
    const leading = message.content.slice(0, open.length).every((block) => block.type === 'tool_result');
    const good =
      message.role === (at % 2 === 0 ? 'user' : 'assistant') &&
      message.content.length > 0 &&
      (message.role === 'assistant' || (ids.join() === open.join() && leading));
    open = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    return !good;
  });
  if (wrong.length > 0 || open.length > 0) throw new Error(JSON.stringify(messages));
}

test('thinking that nobody has signed is left out, and what a provider has signed stays', () => {
  const unsigned = { type: 'thinking', thinking: 'Hm', signature: '' };
  const sealed = { type: 'redacted_thinking', data: 'x' };
  const rows = [
    user(text('Look.')),
    assistant(unsigned, thinking, sealed, { type: 'redacted_thinking', data: '' }, call('a')),
    tool(result('a')),
    assistant(unsigned),
    user(text('Go on.')),
  ];
  expect(toConversation(rows)).toEqual([
    { role: 'user', content: [text('Look.')] },
    { role: 'assistant', content: [thinking, sealed, call('a')] },
    { role: 'user', content: [result('a'), text('Go on.')] },
  ]);
});

test('an error that says nothing is given words, which providers demand', () => {
  const silent = { type: 'tool_result', tool_use_id: 'a', content: ' ', is_error: true };
  expect(toConversation([user(text('Look.')), assistant(call('a')), tool(silent)]).at(-1)?.content).toEqual([
    { ...silent, content: NO_WORDS },
  ]);
});
