/** What the offline model does when its scripts fail: never the same again, and in words for people. */

import { join } from 'node:path';
import fc from 'fast-check';
import type { ModelMessage, ModelRequest } from '../../core/ports/model.ts';
import { createAutopilot } from './index.ts';
import type { Parameters } from './playbooks.ts';
import { MOST_FAILURES, repairAfter } from './repair.ts';
import { problemOf } from './stages/problem.ts';

const failed = (output: string) => ({ name: 'eda_profile', mark: '', ok: false, output, turn: 1 });
const traceback = (error: string, raise = 'frame.fit(x)', file = '/usr/lib/python3/x.py') =>
  `exit: error\nstderr:\nTraceback (most recent call last):\n  File "${file}", line 9, in ` +
  `<module>\n    ${raise}\n${error}\nfiles: a`;

const OUTPUTS = [
  traceback("UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff"),
  traceback('pandas.errors.ParserError: Error tokenizing data. C error: Expected 3 fields in line 7, saw 4'),
  traceback('MemoryError'),
  traceback("KeyError: 'show_columns'"),
  traceback("ValueError: could not convert string to float: 'secret'"),
  traceback('TypeError: PARAMETERS["max_rows"] must be real'),
  traceback(
    "RuntimeError: no candidate could be fitted: {'linear': 'ValueError: x'}",
    'raise RuntimeError(f"…")',
  ),
  'exit: oom\nThe code ran out of memory at 4 GiB. It was run once more.',
  'exit: timeout\nStopped after 1 s, the time that one execution may take. Work on a sample.\nKeyboardInterrupt',
  'exit: timeout\n',
  'exit: ok\nstdout:\nnothing',
  'exit: killed',
];
const output = fc.constantFrom(...OUTPUTS);

/** Names of parameters, of classes, of files, of what findings are printed between. */
const INTERNAL =
  /\b[a-z]+_[a-z_]+\b|\w(?:Error|Exception|Warning|Interrupt)\b|Traceback|File "|PARAMETERS|===|\{|exit:/;

describe('a repair', () => {
  const REQUESTED: Parameters[] = [
    { encoding: null, bad_lines: 'error', show_columns: 150 },
    { max_rows: 5_000, max_columns: 300 },
    {
      plain: false,
      indicator: true,
      target_encode: ['a'],
      candidates: ['boosting'],
      chosen: 'forest',
      repeats: 10,
    },
    { facts: {} },
    { max_rows: 100, repeats: 1, show_columns: 20 },
  ];

  test('that changes nothing is not tried, whatever failed before', () => {
    const name = fc.constantFrom('eda_profile', 'train_compare', 'prep_check' as const);
    fc.assert(
      fc.property(
        name,
        fc.constantFrom(...REQUESTED),
        fc.array(output, { minLength: 1, maxLength: 6 }),
        (which, requested, outputs) => {
          const tried = [JSON.stringify(requested)];
          for (let count = 1; count <= outputs.length; count += 1) {
            const repair = repairAfter(which, requested, outputs.slice(0, count).map(failed));
            if (repair === null) return;
            expect(tried).not.toContain(JSON.stringify(repair.used));
            expect(Object.keys(repair.used).sort()).toEqual(Object.keys(requested).sort());
            tried.push(JSON.stringify(repair.used));
          }
        },
      ),
    );
  });

  test('answers what failed, and keeps what it answered before', () => {
    const [encoding = '', lines = '', memory = ''] = OUTPUTS;
    const requested = REQUESTED[0] ?? {};
    const used = (...outputs: string[]) => repairAfter('eda_profile', requested, outputs.map(failed))?.used;
    expect(used(encoding)).toEqual({ ...requested, encoding: 'cp1252' });
    expect(used(lines, encoding)).toEqual({ ...requested, bad_lines: 'skip', encoding: 'latin-1' });
    expect(used(memory)).toEqual({ ...requested, show_columns: 37 });
    expect(used(lines, lines)).toBeUndefined();
  });
});

describe('what people are told', () => {
  test.each(OUTPUTS)('of %j holds nothing internal', (text) => {
    expect(problemOf(text).words).not.toMatch(INTERNAL);
  });

  test('is the host’s word on a limit, with the limit’s name', () => {
    const stopped = 'Stopped after 1 s, the time that one execution may take';
    expect(problemOf(`exit: timeout\n${stopped}. Work on a sample.\nKeyboardInterrupt`).words).toBe(
      `${stopped} (MAX_EXECUTION_SECONDS)`,
    );
  });

  test('is a playbook’s own sentence where it gave up itself', () => {
    const own = traceback(
      'ValueError: birds.zip unpacks to more than 8 GiB: upload fewer rows',
      'raise ValueError(f"{path.name} unpacks …")',
      '/workspace/eda/scripts/step_01_profile.py',
    );
    expect(problemOf(own).words).toBe('birds.zip unpacks to more than 8 GiB: upload fewer rows');
  });

  test('in the conversation and at its end is the same', async () => {
    const model = createAutopilot({ playbooksFolder: join(__dirname, '../../sandbox/playbooks') });
    const facts = { stage: 'eda', session_id: 's', files: ['birds.csv'], target: 'species' };
    const brief = `# Stage\n\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\``;
    for (const text of OUTPUTS) {
      const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: brief }] }];
      const texts: string[] = [];
      const codes: string[] = [];
      for (let turn = 0; turn <= MOST_FAILURES && !texts.at(-1)?.startsWith('I stop here'); turn += 1) {
        const tools = ['execute_code', 'finish'].map((name) => ({ name, description: '', input_schema: {} }));
        const request: ModelRequest = { model: 'autopilot', system: '', maxTokens: 100, tools, messages };
        const { content } = await model.complete(request, {
          signal: new AbortController().signal,
          onText: () => {},
        });
        messages.push({ role: 'assistant', content });
        for (const block of content) {
          if (block.type === 'text') texts.push(block.text);
          if (block.type !== 'tool_use') continue;
          if (block.name === 'finish') texts.push(String(block.input.unable));
          else codes.push(String(block.input.code));
          const result = {
            type: 'tool_result' as const,
            tool_use_id: block.id,
            content: text,
            is_error: true,
          };
          messages.push({ role: 'user', content: [result] });
        }
        if (texts.some((each) => each.startsWith('I could not get past'))) break;
      }
      expect(texts.at(-1)).toMatch(/^I could not get past “Profile the table(?:, repaired)?” in /);
      expect(new Set(codes).size).toBe(codes.length);
      for (const each of texts) expect(each.replaceAll('`birds.csv`', '')).not.toMatch(INTERNAL);
    }
  });
});
