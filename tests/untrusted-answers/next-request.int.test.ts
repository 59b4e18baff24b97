/**
 * Whatever a model says, the request after it is one that the API takes, and each call in it has its own result.
 * Over real HTTP against the strict server, with the real SDK; storage stands in as the JSON that Postgres keeps.
 */

import { resolve } from 'node:path';
import fc from 'fast-check';
import { createCatalogue } from '../../agents/index.ts';
import { type ConversationRow, toConversation } from '../../core/conversation.ts';
import { LAWFUL_NAME, lawfulAnswer } from '../../core/lawful-answer.ts';
import type { AssistantBlock, ModelMessage, ModelRequest } from '../../core/ports/model.ts';
import { toJson } from '../../db/sql.ts';
import { type AnthropicOptions, createAnthropic } from '../../models/anthropic/index.ts';
import { type AnthropicServer, startAnthropicServer } from '../anthropic-server/index.ts';
import { inOrder, type ScriptedAnswer, say } from '../anthropic-server/script.ts';
import { LONG } from '../platform/lengths.ts';
import { callsOf, randomAnswer } from './random-answers.ts';

/** Others in each run. */
const CONVERSATIONS = LONG ? 800 : 200;
const agents = createCatalogue(resolve('agents'));
const { system, tools } = agents.stage('eda');
const options = { signal: new AbortController().signal, onText: () => undefined };
const user = (text: string): ConversationRow => ({ role: 'user', content: [{ type: 'text', text }] });

let server: AnthropicServer;
beforeAll(async () => {
  server = await startAnthropicServer({ script: inOrder([]) });
});
afterAll(() => server.close());

const calls = (content: AssistantBlock[]) =>
  content.flatMap((block) => (block.type === 'tool_use' ? [block] : []));

/** The results with which the last message answers, as `id: content`. */
function resultsIn(messages: ModelMessage[]): string[] {
  const content = messages.at(-1)?.content ?? [];
  return content.flatMap((block) =>
    block.type === 'tool_result' ? [`${block.tool_use_id}: ${block.content}`] : [],
  );
}

/** Holds the conversation that the answers make and asks once more at its end. */
async function converse(answers: ScriptedAnswer[], thinking: AnthropicOptions['thinking']): Promise<void> {
  let call = 0;
  // an id of another conversation says nothing of this one's thinking
  server.forget();
  server.setScript((request) => inOrder([...answers, say('Done.')])(request, ++call));
  const model = createAnthropic({
    apiKey: 'test-key',
    baseUrl: server.url,
    ...(thinking ? { thinking } : {}),
  });
  const rows = [user('Begin.')];
  const ask = async () => {
    const request: ModelRequest = {
      model: 'claude-test',
      system,
      messages: toConversation(rows),
      tools,
      maxTokens: 100,
    };
    return { request, answer: await model.complete(request, options) };
  };
  for (const [turn, scripted] of answers.entries()) {
    const { request, answer } = await ask();
    const lawful = lawfulAnswer(answer, request, agents.mendInput);
    expect(lawfulAnswer(lawful, request, agents.mendInput)).toEqual(lawful);
    const made = calls(lawful.content);
    expect(made).toHaveLength(callsOf(scripted));
    for (const { name, input } of made) {
      expect(name).toMatch(LAWFUL_NAME);
      expect(agents.parseInput(name, input).ok || agents.parseInput(name, input)).toBeTruthy();
    }
    // what is stored is what was made lawful: storage finds nothing to replace
    expect(toJson(lawful.content)).toBe(JSON.stringify(lawful.content));
    rows.push({ role: 'assistant', content: JSON.parse(toJson(lawful.content)) });
    const results = made.map(({ id }, at) => `${id}: result ${turn}/${at}`);
    const blocks = made.map(({ id }, at) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: `result ${turn}/${at}`,
    }));
    for (const block of blocks) rows.push({ role: 'tool', content: [block] });
    if (made.length > 0) expect(resultsIn(toConversation(rows))).toEqual(results);
    else rows.push(user('Go on.'));
  }
  expect((await ask()).answer.content).toEqual([{ type: 'text', text: 'Done.' }]);
}

test('no answer makes the next request one that is refused, and no call is lost', async () => {
  const thinking = fc.constantFrom(undefined, { kind: 'budget' as const, tokens: 1_024 });
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(randomAnswer, { minLength: 1, maxLength: 6 }),
      thinking,
      async (answers, wish) => {
        await converse(answers, wish);
        answered += answers.length;
      },
    ),
    { numRuns: CONVERSATIONS },
  );
  expect(answered).toBeGreaterThan(2.5 * CONVERSATIONS);
  expect(server.counts().refused).toBe(0);
}, 240_000);
