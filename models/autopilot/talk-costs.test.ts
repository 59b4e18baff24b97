/** Talk with the offline model costs what it holds, once: a session's limit is not eaten by reading the same again. */

import type { ModelMessage, ToolUseBlock } from '../../core/ports/model.ts';
import { createAutopilot } from './autopilot.ts';

const TOOLS = ['read_file', 'query_sql', 'change_decision'].map((name) => ({
  name,
  description: '',
  schema: {},
}));
/** As long as records of a table of many columns are. */
const NAMES = Array.from({ length: 200 }, (_, at) => `column_${at}`);
const RECORDS: Record<string, unknown> = {
  'train/data/metadata.json': {
    target_column: 'late',
    primary_metric: 'accuracy',
    model: { title: 'random forest' },
    metrics: { test: { accuracy: 0.9 }, baseline: { accuracy: 0.5 } },
    cv: { mean: 0.9, sd: 0.01 },
    prediction_interval: { low: 0.8, high: 1 },
    importance: NAMES.map((feature) => ({ feature, mean: 0.1 })),
  },
  'prep/data/metadata.json': {
    target_column: 'late',
    feature_columns: NAMES,
    column_types: Object.fromEntries(NAMES.map((name) => [name, 'number'])),
    ...{ total_rows: 400, train_rows: 280, val_rows: 60, test_rows: 60 },
  },
};
const QUESTIONS = [
  'What is the mean of column_7?',
  'How good is the model?',
  'How many rows have column_3 above 5?',
  'Is column_9 used?',
  'What is the threshold?',
];
/** The limit of a session that names none. */
const TOKENS = 2_000_000;

const LISTENING = {
  signal: new AbortController().signal,
  onText: () => undefined,
  onThinking: () => undefined,
};

const facts = { stage: 'train', files: ['table.csv'], target: 'late' };
const text = (words: string) => ({ type: 'text' as const, text: words });

const resultOf = ({ id, name, input }: ToolUseBlock) => ({
  type: 'tool_result' as const,
  tool_use_id: id,
  content:
    name === 'read_file'
      ? JSON.stringify(RECORDS[String(input.path)])
      : '{"columns":[],"rows":[[5,400]],"row_count":1}',
});

/** Asks one question after the other, each in a follow-up of its own, and gives what each has cost and read. */
async function costsOf(count: number): Promise<{ tokens: number; read: string[]; replied: string }[]> {
  const model = createAutopilot({ playbooksFolder: 'sandbox/playbooks' });
  const messages: ModelMessage[] = [
    { role: 'user', content: [text(`\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\``)] },
    { role: 'assistant', content: [text('The stage is done.')] },
  ];
  const costs: { tokens: number; read: string[]; replied: string }[] = [];
  for (let at = 0; at < count; at += 1) {
    const question = QUESTIONS[at % QUESTIONS.length] ?? '';
    messages.push({ role: 'user', content: [text('# Follow-up\nThe stage is done.'), text(question)] });
    const cost = { tokens: 0, read: [] as string[], replied: '' };
    for (let open = true; open; ) {
      const request = { system: '', messages, tools: TOOLS, model: 'standard', maxTokens: 1000 };
      const answer = await model.complete(request as never, LISTENING);
      cost.tokens += answer.usage.input + answer.usage.output;
      messages.push({ role: 'assistant', content: answer.content });
      const calls = answer.content.filter((block) => block.type === 'tool_use');
      cost.read.push(
        ...calls.flatMap(({ name, input }) => (name === 'read_file' ? [String(input.path)] : [])),
      );
      cost.replied = answer.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ');
      open = calls.length > 0;
      if (open) messages.push({ role: 'user', content: calls.map(resultOf) });
    }
    costs.push(cost);
  }
  return costs;
}

test('two hundred questions take a small part of a session’s tokens, and the last no more than the first', async () => {
  const costs = await costsOf(200);
  const [first, , , , , again] = costs;
  expect(first?.read).toEqual(['train/data/metadata.json', 'prep/data/metadata.json']);
  expect(costs.slice(1).flatMap(({ read }) => read)).toEqual([]);
  expect(costs.every(({ replied }) => replied.length > 0)).toBe(true);
  expect(costs.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThan(TOKENS / 10);
  expect(costs.at(-5)?.tokens).toBeLessThanOrEqual((again?.tokens ?? 0) * 1.1);
});
