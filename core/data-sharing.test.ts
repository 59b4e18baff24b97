import { type DataSharing, shareable } from './data-sharing.ts';
import type { ModelMessage, ToolResultBlock } from './ports/model.ts';
import { warningFor } from './repetition.ts';

const CELL = 'Plantedcell';
const NUMBER = '73914.25';

/** What a model is told of one call's result. */
function shared(
  sharing: DataSharing,
  name: string,
  content: string,
  options: { input?: Record<string, unknown>; failed?: boolean } = {},
): string {
  const { input = {}, failed = false } = options;
  const messages: ModelMessage[] = [
    { role: 'user', content: [{ type: 'text', text: 'brief' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name, input }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content, is_error: failed }] },
  ];
  const [block] = shareable(messages, sharing).at(-1)?.content ?? [];
  return (block as ToolResultBlock).content;
}

const OUTPUT = `exit: error
stdout:
   species  mass
0  ${CELL}  ${NUMBER}
rows: 344
test accuracy: 0.98
${CELL}: 152
mass: ${NUMBER}
stderr:
Traceback (most recent call last):
  File "/data/sessions/s/eda/scripts/step_03_look.py", line 7, in <module>
ValueError: could not convert string to float: '${CELL}'
files: eda/report.md, eda/figures/box_${CELL}.png`;
const ROWS = JSON.stringify({
  columns: [
    { name: CELL, type: 'VARCHAR' },
    { name: 'mass', type: `ENUM('${CELL}')` },
  ],
  rows: [[CELL, NUMBER]],
  truncated: false,
});

test.each(['aggregates', 'none'] as const)('%s still says that a call repeats itself', (sharing) => {
  const warned = shared(sharing, 'execute_code', `${OUTPUT}${warningFor(4)}`);
  expect(warned.endsWith(warningFor(4))).toBe(true);
  expect(warned).not.toContain(CELL);
});

test('values sends everything', () => {
  expect(shared('values', 'execute_code', OUTPUT)).toBe(OUTPUT);
});

test('aggregates keeps the exit, the kind of error and its line, named numbers and known files', () => {
  const content = shared('aggregates', 'execute_code', OUTPUT, { failed: true });
  expect(content.split('\n')).toEqual([
    'exit: error',
    'error: ValueError at line 7 of the script',
    'rows: 344',
    'test accuracy: 0.98',
    `(The output is withheld: data_sharing is aggregates. It has ${OUTPUT.length} characters.)`,
    'files: eda/report.md, 1 more, whose names are withheld',
  ]);
});

test('none keeps no number of the output but its size', () => {
  const content = shared('none', 'execute_code', OUTPUT, { failed: true });
  expect(content).toContain('error: ValueError at line 7');
  expect(content).not.toMatch(/344|0\.98/);
});

const CASES: [string, string, { input?: Record<string, unknown>; failed?: boolean }][] = [
  ['execute_code', OUTPUT, { failed: true }],
  ['execute_code', `${CELL} without a status`, {}],
  ['read_file', `${CELL},${NUMBER}`, {}],
  ['read_file', `'${CELL}' is no file`, { failed: true }],
  ['query_sql', ROWS, { input: { sql: 'select * from train' } }],
  ['query_sql', ROWS, { input: { sql: `select avg(mass) from train where species = 'x'` } }],
  ['query_sql', ROWS, { input: { sql: 'select max(mass) from train' } }],
  ['query_sql', ROWS, { input: { sql: 'select count(*), species from train group by species' } }],
  ['query_sql', ROWS, { input: { sql: 'select count(*) from (select 1) x; select * from train' } }],
  ['query_sql', ROWS.slice(0, 60), { input: { sql: 'describe train' } }],
  ['query_sql', `Conversion Error: Could not convert string '${CELL}' to INT32`, { failed: true }],
  ['list_files', JSON.stringify({ files: [{ path: `eda/figures/${CELL}.png` }] }), {}],
  ['finish', `- metadata.json names ${CELL} and '${CELL}' with ${NUMBER}`, { failed: true }],
  ['a tool of tomorrow', CELL, {}],
];

describe.each(['aggregates', 'none'] as const)('%s', (sharing) => {
  test.each(CASES)('no cell comes through %s: %s', (name, content, options) => {
    const result = shared(sharing, name, content, options);
    expect(result).not.toContain(CELL);
    expect(result).not.toContain(NUMBER);
    expect(result).not.toBe('');
  });

  test('what people say and what is wrong with a call comes through', () => {
    expect(shared(sharing, 'ask_user', `it is ${CELL}`)).toBe(`it is ${CELL}`);
    const wrong = 'The input of query_sql is wrong: sql: too long.';
    expect(shared(sharing, 'query_sql', wrong, { failed: true })).toBe(wrong);
  });
});

test('a validation’s sentence stays understandable', () => {
  const content = shared(
    'none',
    'finish',
    'The outputs do not validate yet. Mend this:\n- prep/data/prep_pipeline.pkl is missing',
    {
      failed: true,
    },
  );
  expect(content).toContain('prep/data/prep_pipeline.pkl is missing');
});

test('whole-table aggregates and schemas come through aggregates; none gets the types alone', () => {
  const aggregate = JSON.stringify({
    columns: [{ name: 'n', type: 'BIGINT' }],
    rows: [[344]],
    truncated: false,
  });
  const sql = 'select count(*) as n, avg("bill length"), stddev(mass) from train';
  expect(shared('aggregates', 'query_sql', aggregate, { input: { sql } })).toBe(aggregate);
  expect(shared('none', 'query_sql', aggregate, { input: { sql } })).not.toContain('344');
  const schema = JSON.stringify({
    columns: [
      { name: 'column_name', type: 'VARCHAR' },
      { name: 'column_type', type: 'VARCHAR' },
    ],
    rows: [
      ['species', 'VARCHAR'],
      ['mass', `ENUM('${CELL}')`],
    ],
  });
  const described = { input: { sql: 'describe train' } };
  expect(shared('none', 'query_sql', schema, described)).toMatch(/^types: VARCHAR, OTHER /);
  expect(shared('none', 'query_sql', schema, described)).not.toContain('species');
  expect(shared('aggregates', 'query_sql', schema, described)).toBe('species VARCHAR\nmass OTHER');
});

test('the value of a decision that no person has made stays out of what an agent is told of it', () => {
  const follows = (whose: string) => `${whose}: "${CELL}" holds for split.by. Follow it.`;
  for (const sharing of ['aggregates', 'none'] as const) {
    for (const whose of ['An earlier stage has decided it', 'It is kept from another session'])
      expect(shared(sharing, 'record_decision', follows(whose))).toBe(`${whose}: decisions.json has it.`);
    const own = follows('The person has decided it');
    expect(shared(sharing, 'record_decision', own)).toBe(own);
  }
});
