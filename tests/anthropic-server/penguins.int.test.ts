/** The three stages on penguins through the real SDK and the real protocol, without the platform around them. */

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgents, stageBrief } from '../../agents/index.ts';
import { type ConversationRow, toConversation } from '../../core/conversation.ts';
import type { LanguageModel, ToolUseBlock } from '../../core/ports/model.ts';
import { STAGES, type Stage } from '../../core/stages.ts';
import { createAnthropic } from '../../models/anthropic/index.ts';
import { createAutopilot } from '../../models/autopilot/index.ts';
import { ScriptRunner } from '../../models/autopilot/testing/stage-harness.ts';
import { actAs } from './act-as.ts';
import { type AnthropicServer, startAnthropicServer } from './index.ts';
import { blocksOf } from './wire.ts';

const ROOT = join(__dirname, '..', '..');
const options = { signal: new AbortController().signal, onText: () => undefined };

let server: AnthropicServer;
let runner: ScriptRunner;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'penguins-'));
  mkdirSync(join(home, 'datasets'), { recursive: true });
  for (const stage of STAGES) mkdirSync(join(home, 'session', stage), { recursive: true });
  cpSync(join(ROOT, 'examples', 'penguins.csv'), join(home, 'datasets', 'penguins.csv'));
  const autopilot = createAutopilot({ playbooksFolder: join(ROOT, 'sandbox', 'playbooks') });
  server = await startAnthropicServer({ script: actAs(autopilot, { thinkEvery: 2 }) });
  runner = new ScriptRunner();
  await runner.ready();
}, 60_000);
afterAll(async () => {
  runner.stop();
  await server.close();
  rmSync(home, { recursive: true });
});

// training too, on the whole platform: tests/pipelines/anthropic.test.ts
test('stages are solved, each answer completed once and none of them repeated', async () => {
  const model = createAnthropic({ apiKey: 'test-key', baseUrl: server.url });
  const previousSummaries: { stage: Stage; summary: string }[] = [];
  let turns = 0;
  for (const stage of ['eda', 'prep'] as const) {
    const facts = { session_id: 's', experiment_id: 'e', files: ['penguins.csv'], target: 'species' };
    const run = await runStage(model, stage, stageBrief({ stage, facts, previousSummaries }));
    turns += run.turns;
    previousSummaries.push({ stage, summary: run.summary });
  }
  const made = ['eda/report.md', 'prep/data/train.parquet', 'prep/report.md'];
  expect(made.filter((path) => !existsSync(join(home, 'session', path)))).toEqual([]);
  expect(turns).toBeLessThanOrEqual(20);
  expect(server.counts()).toEqual({
    calls: turns,
    completed: turns,
    repeated: 0,
    refused: 0,
    failed: 0,
    broken: 0,
  });
  const sentBack = server.requests.flatMap(({ messages }) => messages.flatMap(blocksOf));
  expect(sentBack.some((block) => block.type === 'thinking')).toBe(true);
}, 120_000);

/** The loop of a stage: the conversation is rebuilt from rows that went through JSON, as the platform's do. */
async function runStage(
  model: LanguageModel,
  stage: Stage,
  brief: string,
): Promise<{ turns: number; summary: string }> {
  const { system, tools } = createAgents(join(ROOT, 'agents'))[stage];
  const rows: ConversationRow[] = [{ role: 'user', content: [{ type: 'text', text: brief }] }];
  for (let turns = 1; turns <= 30; turns += 1) {
    const messages = toConversation(JSON.parse(JSON.stringify(rows)));
    const answer = await model.complete(
      { model: 'claude-test', system, messages, tools, maxTokens: 8000 },
      options,
    );
    rows.push({ role: 'assistant', content: answer.content.map((block) => ({ ...block })) });
    for (const block of answer.content) {
      if (block.type !== 'tool_use') continue;
      if (block.name === 'finish') return { turns, summary: String(block.input.summary) };
      const content = await runTool(block, stage);
      rows.push({ role: 'tool', content: [{ type: 'tool_result', tool_use_id: block.id, content }] });
    }
  }
  throw new Error(`${stage} did not finish`);
}

async function runTool(block: ToolUseBlock, stage: Stage): Promise<string> {
  if (block.name !== 'execute_code') return 'ok';
  const env = {
    TEMPERA_WORKSPACE: join(home, 'session'),
    TEMPERA_DATASET: join(home, 'datasets'),
    TEMPERA_STAGE: stage,
  };
  const code = String(block.input.code);
  const { exit, stdout, stderr } = await runner.run(code, join(home, 'session'), { env, draw: false });
  return `exit: ${exit}\nstdout:\n${stdout}${stderr ? `\nstderr:\n${stderr}` : ''}`;
}
