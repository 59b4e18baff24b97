/** The agent's questions put to the person at a terminal; left by ^C they wait. */

import { CommandError } from '../exit-code.ts';
import { answerInPlace, answerOf, askedBy } from './answering.ts';

const question = { id: 'q1', kind: 'question' as const, choices: ['species', 'island'] };
const approval = { id: 'a1', kind: 'approval' as const, choices: [] };

/** A terminal at which someone types these lines; null is ^C. */
function at(typed: (string | null)[] | null) {
  const shown: string[] = [];
  const sent: { path: string; json: unknown }[] = [];
  const lines = [...(typed ?? [])];
  const ask = async (prompt: string) => {
    shown.push(prompt);
    const line = lines.shift();
    if (line === undefined) throw new Error('asked too often');
    return line;
  };
  const terminal = {
    out: () => undefined,
    err: (text: string) => void shown.push(text),
    ask: typed === null ? null : ask,
    secret: async () => null,
    live: typed !== null,
    unicode: false,
    columns: 80,
  };
  const output = {
    format: 'table' as const,
    result: () => undefined,
    failure: () => undefined,
    say: terminal.err,
  };
  const api = {
    async request(_schema: unknown, path: string, options?: { json?: unknown }) {
      sent.push({ path, json: options?.json });
      return {} as never;
    },
  };
  return { context: { terminal, output }, api, shown, sent };
}

test.each([
  [question, '', { text: 'species' }],
  [question, '2', { text: 'island' }],
  [question, '7', { text: '7' }],
  [question, 'neither', { text: 'neither' }],
  [{ ...question, choices: [] }, '', null],
  [approval, '', { approved: false }],
  [approval, 'Y', { approved: true }],
  [approval, 'perhaps', null],
])('%j: %j is sent as %j', (asked, typed, json) => {
  expect(answerOf(asked, typed)).toEqual(json);
});

test('choices are numbered and the answer goes to the question', async () => {
  const { context, api, shown, sent } = at(['2']);
  await answerInPlace(context, api, { session: 's', asked: question });
  expect(shown.slice(0, 2)).toEqual(['    1  species\n', '    2  island\n']);
  expect(sent).toEqual([{ path: '/api/sessions/s/answers/q1', json: { text: 'island' } }]);
});

test('what is no answer is asked again', async () => {
  const { context, api, sent } = at(['perhaps', 'yes']);
  await answerInPlace(context, api, { session: 's', asked: approval });
  expect(sent).toEqual([{ path: '/api/sessions/s/approvals/a1', json: { approved: true } }]);
});

test.each([
  ['^C', [null]],
  ['no terminal', null],
])('%s leaves it waiting and says how to answer later', async (_name, typed) => {
  const { context, api, sent } = at(typed);
  const left = await answerInPlace(context, api, { session: 's', asked: question }).catch(
    (error: unknown) => error,
  );
  expect(left).toBeInstanceOf(CommandError);
  expect(String(left)).toContain('sessions answer s q1');
  expect(sent).toEqual([]);
});

test('questions and approvals ask, other events do not', () => {
  expect(
    askedBy({ seq: 1, type: 'question', data: { id: 'q1', text: 'Which?', choices: ['a'] } }),
  ).toMatchObject({
    kind: 'question',
    choices: ['a'],
  });
  expect(askedBy({ seq: 2, type: 'approval', data: { id: 'a1', action: 'delete' } })).toMatchObject({
    id: 'a1',
  });
  expect(askedBy({ seq: 3, type: 'waiting', data: { reason: 'question' } })).toBeNull();
});
