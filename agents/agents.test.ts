import { KNOWN_KEYS } from '../core/decisions.ts';
import { STAGES } from '../core/stages.ts';
import { temporaryFolder } from '../platform/testing/temporary-folder.ts';
import {
  createAgents,
  mendedInput,
  STAGE_FACTS,
  stageBrief,
  TOOL_INPUTS,
  TOOL_NAMES,
  TOOLS,
  toolSchema,
} from './index.ts';

describe('the agents', () => {
  test('every stage has a prompt, the tools and a version that is stable', () => {
    const agents = createAgents(__dirname);
    for (const stage of STAGES) {
      expect(agents[stage].system).toContain('Working rules');
      expect(agents[stage].tools.map((tool) => tool.name)).toEqual([...TOOL_NAMES]);
      expect(agents[stage].promptVersion).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(createAgents(__dirname)).toEqual(agents);
    expect(new Set(STAGES.map((stage) => agents[stage].promptVersion)).size).toBe(3);
  });

  test('each prompt names every key of the ledger but limits, with what it holds', () => {
    const keys = KNOWN_KEYS.filter((key) => !key.startsWith('budget.'));
    const prompted = [...keys, 'file.join.*'].map((key) => key.replace('.*', '.KEY'));
    const agents = createAgents(__dirname);
    for (const stage of STAGES) {
      const lines = agents[stage].system.match(/^ {2}- `[a-zA-Z_.]+`: \S.*$/gmu) ?? [];
      expect(lines.map((line) => line.split('`')[1]).sort()).toEqual(prompted.sort());
      expect(agents[stage].system).toContain(
        '- `column.KEY.date_order`: what stands first in its dates: `day`, `month`',
      );
      expect(agents[stage].system).not.toContain('{decision_keys}');
    }
  });

  test('a missing folder is refused with its name', () => {
    const folder = temporaryFolder('agents');
    expect(() => createAgents(folder)).toThrow(folder);
  });
});

describe('a mended input', () => {
  const long = '🐧'.repeat(200);

  test('has its titles cut to what the tool takes, between characters', () => {
    const script = mendedInput('execute_code', { code: 'x', title: long });
    expect(script).toEqual({ code: 'x', title: `${'🐧'.repeat(59)}…` });
    expect(TOOL_INPUTS.execute_code.safeParse(script).success).toBe(true);
    const tasks = mendedInput('update_tasks', { items: [{ title: long, state: 'done' }, 'no item', null] });
    expect(tasks).toEqual({ items: [{ title: `${'🐧'.repeat(99)}…`, state: 'done' }, 'no item', null] });
  });

  test('is the input itself where there is nothing to mend', () => {
    const inputs: [string, Record<string, unknown>][] = [
      ['execute_code', { code: 'x', title: 7 }],
      ['update_tasks', { items: 'none' }],
      ['read_file', { title: long }],
      ['no_tool', {}],
    ];
    for (const [tool, input] of inputs) expect(mendedInput(tool, input)).toEqual(input);
  });
});

describe('the tools', () => {
  test('only execute_code touches the workspace', () => {
    expect(TOOL_NAMES.filter((name) => TOOLS[name].touches === 'workspace')).toEqual(['execute_code']);
  });

  test('each schema is an object that refuses unknown fields', () => {
    for (const name of TOOL_NAMES) {
      expect(toolSchema(name)).toMatchObject({ type: 'object', additionalProperties: false });
    }
    expect(TOOL_INPUTS.execute_code.safeParse({ code: 'print(1)', title: 'x', extra: 1 }).success).toBe(
      false,
    );
  });
});

describe('the stage brief', () => {
  test('carries the facts as one fenced JSON block that parses back', () => {
    const text = stageBrief({
      stage: 'prep',
      facts: { session_id: 's', experiment_id: 'e', files: ['penguins.csv'], target: 'species' },
      previousSummaries: [{ stage: 'eda', summary: 'Seven columns.' }],
      pendingMessages: ['Drop island.'],
    });
    const block = /```json facts\n([\s\S]*?)\n```/.exec(text)?.[1] ?? '';
    expect(STAGE_FACTS.parse(JSON.parse(block))).toMatchObject({
      stage: 'prep',
      target: 'species',
      seed: 42,
    });
    expect(text).toContain('Seven columns.');
    expect(text).toContain('- Drop island.');
  });
});
