import { join } from 'node:path';
import type { ModelRequest } from '../../../core/ports/model.ts';
import type { Column } from '../facts.ts';
import { createAutopilot } from '../index.ts';
import { readMark, readPlaybooks, renderPlaybook } from '../playbooks.ts';
import { toPythonLiteral } from '../python-literal.ts';
import { metricFits } from '../reading/metrics-named.ts';
import { NO_WISHES, readWishes } from '../reading/wishes.ts';
import { chooseTarget } from './target.ts';

const PLAYBOOKS = join(__dirname, '../../../sandbox/playbooks');
const column = (name: string, over: Partial<Column> = {}): Column => ({
  name,
  kind: 'number',
  is: 'number',
  distinct: 100,
  flags: [],
  ...over,
});
/** The profile's columns, with its candidates for the target, best first. */
const profile = (columns: Column[], ...names: string[]) => ({
  columns,
  candidates: names.map((name) => ({ name, because: `\`${name}\` sounds like an outcome` })),
});
const facts = { stage: 'eda' as const, session_id: 's', files: ['cars.csv'] };

describe('the person’s words', () => {
  const names = ['mpg', 'body_mass_g', 'origin', 'name'];
  test('name target, metric and columns to leave out', () => {
    const wishes = readWishes(['Predict body mass g, judged by RMSE. Do not use origin or name!'], names);
    expect(wishes).toEqual({
      ...NO_WISHES,
      target: 'body_mass_g',
      metric: 'rmse',
      excluded: ['origin', 'name'],
    });
  });
  test('a later sentence overrides an earlier one', () => {
    expect(readWishes(['Predict mpg.', 'Rather predict origin.'], names).target).toBe('origin');
  });
  test('a metric of the other kind of problem does not fit', () => {
    expect(metricFits('rmse', 'binary')).toBe(false);
    expect(metricFits('roc_auc', 'binary')).toBe(true);
  });
});

describe('the target', () => {
  test('given, it is taken; unknown, nothing is', () => {
    const columns = profile([column('a'), column('b')], 'b');
    expect(chooseTarget({ ...facts, target: 'a' }, NO_WISHES, columns)?.column.name).toBe('a');
    expect(chooseTarget({ ...facts, target: 'zzz' }, NO_WISHES, columns)).toBeNull();
  });
  test('is the first candidate of the profile that can serve, with the profile’s reason', () => {
    const columns = [column('day', { kind: 'date' }), column('price'), column('b')];
    expect(chooseTarget(facts, NO_WISHES, profile(columns, 'day', 'price', 'b'))).toEqual({
      column: column('price'),
      reason: 'no target was given and `price` sounds like an outcome',
      guessed: true,
    });
    expect(chooseTarget(facts, NO_WISHES, profile(columns))).toBeNull();
  });
  test('is what the upload’s profile suggests, with its reason, unless the person leaves that column out', () => {
    const suggesting = {
      ...facts,
      suggested_target: { name: 'a', reason: 'it is what such tables predict' },
    };
    const columns = profile([column('a'), column('price'), column('b')], 'price', 'b');
    const reason = 'no target was given and it is what such tables predict';
    expect(chooseTarget(suggesting, NO_WISHES, columns)).toEqual({
      column: column('a'),
      reason,
      guessed: true,
    });
    const excluded = { ...NO_WISHES, excluded: ['a'] };
    expect(chooseTarget(suggesting, excluded, columns)?.column.name).toBe('price');
    expect(chooseTarget({ ...suggesting, target: 'b' }, NO_WISHES, columns)?.column.name).toBe('b');
  });
});

describe('playbooks', () => {
  test('are rendered with what is wanted of them and told again by their first line', () => {
    const requested = { file: 'a "b".csv', sharing: 'values', show_columns: 20, none: null, yes: true };
    const playbooks = readPlaybooks(PLAYBOOKS);
    const code = renderPlaybook(playbooks, { name: 'eda_profile', requested, used: requested });
    expect(code.match(/^PARAMETERS: dict\[str, Any\] = \{$/gm)).toHaveLength(1);
    expect(code).toContain('"file": "a \\"b\\".csv"');
    expect(readMark(code)).toMatchObject({ name: 'eda_profile' });
    const short = { file: 'a.csv' };
    expect(() => renderPlaybook(playbooks, { name: 'eda_profile', requested: short, used: short })).toThrow(
      /reads the parameter \[(?:sharing|show_columns)\], which was not given/,
    );
  });
  test('literals are Python’s', () => {
    expect(toPythonLiteral([1, true, null, 'ä\u2028'])).toBe('[1, True, None, "ä\\u2028"]');
  });
});

describe('the model', () => {
  const request = (text: string): ModelRequest => ({
    model: 'autopilot',
    system: '',
    maxTokens: 100,
    tools: ['execute_code', 'update_tasks', 'read_file', 'finish'].map((name) => ({
      name,
      description: '',
      input_schema: {},
    })),
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  });
  const brief = `# Stage\n\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\``;

  test('answers the same request the same way and streams what it says', async () => {
    const model = createAutopilot({ playbooksFolder: PLAYBOOKS });
    const pieces: string[] = [];
    const signal = new AbortController().signal;
    const first = await model.complete(request(brief), { signal, onText: (text) => pieces.push(text) });
    const second = await model.complete(request(brief), { signal, onText: () => {} });
    expect(second).toEqual(first);
    expect(first.stopReason).toBe('tool_use');
    expect(pieces.join('')).toBe(first.content[0]?.type === 'text' ? first.content[0].text : '');
    expect(first.content.map((block) => (block.type === 'tool_use' ? block.name : block.type))).toEqual([
      'text',
      'update_tasks',
      'execute_code',
    ]);
  });

  test('without a brief it looks up the report', async () => {
    const model = createAutopilot({ playbooksFolder: PLAYBOOKS });
    const answer = await model.complete(request('How good is it?'), {
      signal: new AbortController().signal,
      onText: () => {},
    });
    expect(answer.content[1]).toMatchObject({ type: 'tool_use', name: 'read_file' });
  });
});
