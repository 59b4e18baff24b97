/** What the model does when validation sends its outputs back: told from a failed `finish`, mended, not repeated. */

import { join } from 'node:path';
import type { AssistantBlock, ModelMessage, ModelRequest, ToolUseBlock } from '../../core/ports/model.ts';
import { createAutopilot } from './index.ts';
import { readMark } from './playbooks.ts';
import { viewStage } from './stage-view.ts';

const model = createAutopilot({ playbooksFolder: join(__dirname, '../../sandbox/playbooks') });
const ERRORS =
  'The outputs do not validate yet. Mend this, then call finish again:\n- eda/report.md is missing.';
const BRIEF = `# Stage\n\`\`\`json facts\n${JSON.stringify({
  stage: 'eda',
  session_id: 's',
  files: ['birds.csv'],
  target: 'species',
})}\n\`\`\``;

const column = (name: string, over: Record<string, unknown> = {}) => ({
  name,
  kind: 'number',
  distinct: 60,
  missing: 0,
  flags: [],
  ...over,
});

/** What each script would print. */
const FINDINGS: Record<string, unknown> = {
  eda_profile: {
    read: { file: 'birds.csv', format: 'csv', header: true },
    rows: 90,
    duplicates: 0,
    column_count: 3,
    columns: [column('a'), column('b'), column('species', { kind: 'category', distinct: 3 })],
  },
  eda_relations: {
    leaks: {},
    suspects: [],
    strongest: [['a', 0.5]],
    continuous: 2,
    problem_type: 'multiclass',
    meaning: 'classes',
    meaning_because: 'it has 3 labels',
    split: { strategy: 'stratified', by: null },
  },
  eda_report: { figures: ['target'], columns_used: 2 },
};

const printed = (name: string) =>
  `exit: ok\nstdout:\n=== findings ===\n${JSON.stringify(FINDINGS[name])}\n=== end of findings ===`;

async function answer(messages: ModelMessage[]): Promise<AssistantBlock[]> {
  const tools = ['execute_code', 'update_tasks', 'finish'].map((name) => ({
    name,
    description: '',
    input_schema: {},
  }));
  const request: ModelRequest = { model: 'autopilot', system: '', maxTokens: 100, tools, messages };
  const { content } = await model.complete(request, {
    signal: new AbortController().signal,
    onText: () => {},
  });
  return content;
}

interface Conversation {
  messages: ModelMessage[];
  /** Scripts in the order in which they were run, by playbook. */
  scripts: { name: string; code: string }[];
  finished: number;
}

/** Goes on until `finish` was called `times` times; every call of it but the last is refused by validation. */
async function talk(times: number): Promise<Conversation> {
  const talked: Conversation = {
    messages: [{ role: 'user', content: [{ type: 'text', text: BRIEF }] }],
    scripts: [],
    finished: 0,
  };
  for (let turn = 0; turn < 30 && talked.finished < times; turn += 1) {
    const content = await answer(talked.messages);
    talked.messages.push({ role: 'assistant', content });
    const calls = content.filter((block): block is ToolUseBlock => block.type === 'tool_use');
    const results = calls.map((call) => resultOf(talked, call));
    talked.messages.push({ role: 'user', content: results });
  }
  return talked;
}

function resultOf(talked: Conversation, call: ToolUseBlock) {
  const reply = (content: string, is_error?: true) => ({
    type: 'tool_result' as const,
    tool_use_id: call.id,
    content,
    ...(is_error ? { is_error } : {}),
  });
  if (call.name === 'finish') {
    talked.finished += 1;
    return reply(ERRORS, true);
  }
  if (call.name !== 'execute_code') return reply('ok');
  const code = String(call.input.code);
  const name = readMark(code)?.name ?? '';
  talked.scripts.push({ name, code });
  return reply(printed(name));
}

describe('outputs that validation sends back', () => {
  test('are told from a finish that failed, not from one that was taken', async () => {
    const { messages } = await talk(1);
    expect(viewStage(messages).validations).toEqual([ERRORS]);
    const taken = messages.map((message) =>
      message.role === 'assistant'
        ? message
        : {
            ...message,
            content: message.content.map((block) =>
              block.type === 'tool_result' ? { ...block, is_error: false } : block,
            ),
          },
    );
    expect(viewStage(taken).validations).toEqual([]);
  });

  test('are made anew by the script that writes them, and only by that one', async () => {
    const { scripts, messages } = await talk(2);
    expect(scripts.map(({ name }) => name)).toEqual([
      'eda_profile',
      'eda_relations',
      'eda_report',
      'eda_report',
    ]);
    expect(scripts[3]?.code).toContain('"revision": 1');
    const texts = messages
      .flatMap((message) => (message.role === 'assistant' ? message.content : []))
      .flatMap((block) => (block.type === 'text' ? [block.text] : []));
    expect(texts.filter((text) => text.startsWith('Validation found something to mend'))).toHaveLength(1);
  });

  test('are made in the plain form after the second time', async () => {
    const { scripts } = await talk(3);
    const reports = scripts.filter(({ name }) => name === 'eda_report');
    expect(reports.map(({ code }) => /"plain": (\w+)/.exec(code)?.[1])).toEqual(['False', 'False', 'True']);
    expect(new Set(reports.map(({ code }) => readMark(code)?.mark)).size).toBe(3);
  });

  test('are not taken for words of the person', async () => {
    const { messages } = await talk(2);
    expect(viewStage(messages).messages).toEqual([]);
    const blocks = messages.flatMap((message): { type: string }[] => [...message.content]);
    expect(JSON.stringify(blocks)).not.toContain('You said');
  });
});
