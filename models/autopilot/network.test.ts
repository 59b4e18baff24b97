/** A neural network is compared where a GPU is there and the table asks for it, and nowhere else. */

import { join } from 'node:path';
import type { ModelMessage } from '../../core/ports/model.ts';
import { createAutopilot } from './index.ts';
import { readMark } from './playbooks.ts';

const model = createAutopilot({ playbooksFolder: join(__dirname, '../../sandbox/playbooks') });
const SPLITS = {
  problem_type: 'binary',
  target: 'y',
  metric: 'roc_auc',
  features: 3,
  feature_names: ['a', 'b', 'c'],
  transformed: 9,
  by_time: false,
  size: 'large',
};
const score = (name: string, mean: number) => ({ name, title: name, mean, sd: 0.01, se: 0.01 });
const COMPARED = {
  metric: 'roc_auc',
  best: 'linear',
  within_one_se: ['linear'],
  beats_dummy: true,
  failed: [],
  candidates: [score('linear', 0.8), score('dummy', 0.5)],
};
const WITH_NETWORK = {
  ...COMPARED,
  tried: true,
  device: 'cuda',
  best: 'network',
  within_one_se: ['network'],
  beats_dummy: true,
  candidates: [score('network', 0.9), ...COMPARED.candidates],
};

/** The calls of a training stage whose scripts find what is given, in their order. */
async function callsOf(facts: object, found: Record<string, object>): Promise<Record<string, unknown>[]> {
  const brief = { stage: 'train', files: ['t.csv'], ...facts };
  const messages: ModelMessage[] = [
    { role: 'user', content: [{ type: 'text', text: `\`\`\`json facts\n${JSON.stringify(brief)}\n\`\`\`` }] },
  ];
  const tools = ['execute_code', 'finish'].map((name) => ({ name, description: '', input_schema: {} }));
  const calls: Record<string, unknown>[] = [];
  for (;;) {
    const request = { model: 'autopilot', system: '', maxTokens: 100, tools, messages };
    const { content } = await model.complete(request, {
      signal: new AbortController().signal,
      onText: () => {},
    });
    const call = content.find((block) => block.type === 'tool_use');
    if (call?.type !== 'tool_use') throw new Error('Nothing was called.');
    const name = readMark(String(call.input.code))?.name ?? call.name;
    const findings = found[name];
    calls.push({ name, gpu: call.input.gpu, code: call.input.code });
    if (findings === undefined) return calls;
    const output = `exit: ok\nstdout:\n=== findings ===\n${JSON.stringify(findings)}\n=== end of findings ===`;
    messages.push({ role: 'assistant', content });
    messages.push({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: call.id, content: output }],
    });
  }
}

const namesOf = (calls: Record<string, unknown>[]) => calls.map(({ name, gpu }) => [name, gpu === true]);

test('on a large table with a GPU it is compared there, and chosen it is fitted there', async () => {
  const found = { train_look: SPLITS, train_compare: COMPARED, train_network: WITH_NETWORK };
  const calls = await callsOf({ gpu: true }, found);
  expect(namesOf(calls)).toEqual([
    ['train_look', false],
    ['train_compare', false],
    ['train_network', true],
    ['train_final', true],
  ]);
  expect(calls[3]?.code).toContain('"chosen": "network"');
});

test('where torch is not installed the comparison before is chosen from, without a GPU', async () => {
  const missing = { ...COMPARED, tried: false, device: null, candidates: undefined };
  const found = { train_look: SPLITS, train_compare: COMPARED, train_network: missing };
  const calls = await callsOf({ gpu: true }, found);
  expect(namesOf(calls).at(-1)).toEqual(['train_final', false]);
  expect(calls.at(-1)?.code).toContain('"chosen": "linear"');
});

test.each([
  ['no GPU', { gpu: false }, {}],
  ['a brief of before', {}, {}],
  ['a small table', { gpu: true }, { size: 'small' }],
  ['a table of medium size that is not wide', { gpu: true }, { size: 'medium' }],
  ['rows along time', { gpu: true }, { by_time: true }],
])('with %s it is not tried', async (_, facts, splits) => {
  const calls = await callsOf(facts, { train_look: { ...SPLITS, ...splits }, train_compare: COMPARED });
  expect(namesOf(calls).map(([name]) => name)).toEqual(['train_look', 'train_compare', 'train_final']);
});

test('a wide table of medium size is tried', async () => {
  const splits = { ...SPLITS, size: 'medium', transformed: 400 };
  const found = { train_look: splits, train_compare: COMPARED };
  expect(namesOf(await callsOf({ gpu: true }, found)).at(-1)).toEqual(['train_network', true]);
});
