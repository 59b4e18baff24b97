/** Questions about rows, answered by the SQL tool itself over the bundled table. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../testing/folders.ts';
import { ScriptRunner } from '../testing/stage-harness.ts';
import { decideTableAnswer } from './table-answer.ts';
import type { TableColumn } from './table-words.ts';

const ROOT = join(__dirname, '../../..');
const TABLE: TableColumn[] = [
  { name: 'species', kind: 'category' },
  { name: 'island', kind: 'category' },
  { name: 'bill_length_mm', kind: 'number' },
  { name: 'body_mass_g', kind: 'number' },
  { name: 'sex', kind: 'category' },
];

let runner: ScriptRunner;
let workspace: string;
beforeAll(async () => {
  runner = new ScriptRunner({ modules: ['duckdb', 'tempera_sandbox.tools.query_sql'] });
  await runner.ready();
  workspace = makeFolder('workspace');
  mkdirSync(join(workspace, 'eda'));
}, 120_000);
afterAll(() => runner.stop());

async function query(sql: string): Promise<string> {
  const params = JSON.stringify({ sql, limit: 20 });
  const code = `import json
from pathlib import Path
from tempera_sandbox.tools import Context, run_tool
context = Context(Path('.').resolve(), Path(${JSON.stringify(join(ROOT, 'examples'))}))
print(json.dumps(run_tool('query_sql', json.loads(${JSON.stringify(params)}), context)))`;
  const { exit, stdout, stderr } = await runner.run(code, workspace);
  if (exit !== 'ok') throw new Error(stderr);
  return stdout;
}

/** Asks until there is an answer, running what is asked for on the way. */
async function answerTo(text: string): Promise<string> {
  const found = new Map<string, string | null>();
  for (let turn = 0; turn < 4; turn += 1) {
    const action = decideTableAnswer({ text, table: TABLE, found });
    if (action === null) return 'none';
    if (action.do === 'answer') return action.say;
    if (action.do !== 'query') throw new Error(action.do);
    found.set(action.sql, await query(action.sql));
  }
  throw new Error('no answer after four queries');
}

test.each([
  [
    'How many rows are Gentoo?',
    /^124 rows of the upload’s 344 \(36\.0 %\) have `species` “Gentoo”\. \(SQL: `select count/,
  ],
  ['How many Gentoos are there?', /^124 rows/],
  ['How many female Gentoo penguins live on Biscoe?', /^58 rows.*“Gentoo”.*“Biscoe”|^58 rows/],
  ['How many birds weigh more: body mass over 5,000?', /^61 rows.*`body_mass_g` > 5,000/],
  [
    'how many rows have bill_length_mm between 40 and 41?',
    /`bill_length_mm` >= 40 and `bill_length_mm` <= 41/,
  ],
  ['What is the mean body mass?', /the mean of `body_mass_g` is 4,201\.8 \(342 rows have a value\)/],
  [
    'average bill length by species',
    /Adelie: the mean of `bill_length_mm` is 38\.79 \(151 rows have a value\); Chinstrap/,
  ],
  [
    'min and max of body_mass_g for Gentoo',
    /minimum of `body_mass_g` is 3,950, the maximum of `body_mass_g` is 6,300/,
  ],
  [
    'How many rows have missing sex?',
    /^11 rows of the upload’s 344 \(3\.2 %\) lack a value: `sex` 11\. \(SQL: /,
  ],
  ['Which columns have missing values?', /`sex` 11, `bill_length_mm` 2, `body_mass_g` 2/],
  ['How many rows are there per island?', /Biscoe: 168, Dream: 124, Torgersen: 52/],
  ['How many distinct islands are there?', /`island` takes 3 different values/],
  [
    'What is the correlation of bill length and body mass?',
    /Pearson’s r\) of `bill_length_mm` and `body_mass_g`.* is 0\.5951/,
  ],
  ['How many rows are Emperor?', /^I do not know “emperor”: .*the values of `species`, `island` and `sex`/],
  ['What is the weather like?', /^none$/],
])('%s', async (text, expected) => expect(await answerTo(text)).toMatch(expected), 60_000);
