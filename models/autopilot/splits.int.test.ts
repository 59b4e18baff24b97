/** Splits that the person has made: by a column of the table, and by a test file of its own, through all stages. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSession, ScriptRunner } from './testing/stage-harness.ts';

const MINUTES = 60_000;
const [HEADER = '', ...ROWS] = readFileSync(join(__dirname, '../../examples/penguins.csv'), 'utf8')
  .trimEnd()
  .split('\n');

/** Writes a table into a folder of its own. */
function tableOf(name: string, head: string, body: readonly string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'table-')), name);
  writeFileSync(path, `${head}\n${body.join('\n')}\n`);
  return path;
}

/** Source rows of a split, read with the same Python as the scripts. */
async function sourceRows(folder: string, split: string): Promise<number[]> {
  const code = `import pandas as pd\nprint(sorted(pd.read_parquet("prep/data/${split}.parquet")["__source_row"].tolist()))`;
  const { stdout } = await runner.run(code, folder, {});
  return JSON.parse(stdout);
}

const places = (keep: (place: number) => boolean) => ROWS.map((_row, place) => place).filter(keep);

let runner: ScriptRunner;
beforeAll(async () => {
  runner = new ScriptRunner();
  await runner.ready();
}, 2 * MINUTES);
afterAll(() => runner.stop());

test(
  'a split column decides which rows are judged on, and is no feature',
  async () => {
    const partOf = (place: number) => (place % 5 === 0 ? 'Test' : place % 5 === 1 ? 'validation' : 'train');
    const table = tableOf(
      'penguins.csv',
      `${HEADER},part`,
      ROWS.map((row, place) => `${row},${partOf(place)}`),
    );
    const facts = { target: 'species', split_column: 'part' };
    const session = await runSession(runner, { table, facts });
    expect(await sourceRows(session.folder, 'test')).toEqual(places((place) => place % 5 === 0));
    expect(await sourceRows(session.folder, 'val')).toEqual(places((place) => place % 5 === 1));
    expect(await sourceRows(session.folder, 'train')).toEqual(places((place) => place % 5 > 1));
    const metadata = session.json('prep/data/metadata.json');
    expect(metadata.split).toMatchObject({ strategy: 'column', by: 'part' });
    expect(metadata.feature_columns).not.toContain('part');
    expect(metadata.dropped_columns).toMatchObject({ part: 'it says which split a row belongs to' });
    expect(session.read('prep/report.md')).toContain('by the column `part`');
    expect(session.stages[2]?.summary).toContain('The test score lies inside the interval.');
  },
  4 * MINUTES,
);

test(
  'a split column that names no validation rows has them cut from training',
  async () => {
    const table = tableOf(
      'penguins.csv',
      `${HEADER},part`,
      ROWS.map((row, place) => `${row},${place % 4 === 0 ? 'holdout' : 'training'}`),
    );
    const facts = { target: 'species', split_column: 'part' };
    const session = await runSession(runner, { table, facts, stages: ['eda', 'prep'] });
    expect(await sourceRows(session.folder, 'test')).toEqual(places((place) => place % 4 === 0));
    const val = await sourceRows(session.folder, 'val');
    expect(val.length).toBeGreaterThan(20);
    expect(val.filter((place) => place % 4 === 0)).toEqual([]);
  },
  2 * MINUTES,
);

test(
  'a test file of its own is what the model is judged on; its rows go on counting',
  async () => {
    const table = tableOf(
      'birds.csv',
      HEADER,
      ROWS.filter((_row, place) => place % 5 !== 0),
    );
    const other = tableOf(
      'later.csv',
      HEADER,
      ROWS.filter((_row, place) => place % 5 === 0),
    );
    const facts = { target: 'species', test_file: 'later.csv' };
    const session = await runSession(runner, { table, others: [other], facts });
    const first = ROWS.filter((_row, place) => place % 5 !== 0).length;
    const test = await sourceRows(session.folder, 'test');
    expect(test).toEqual(Array.from({ length: ROWS.length - first }, (_, place) => first + place));
    const metadata = session.json('prep/data/metadata.json');
    expect(metadata.split).toMatchObject({ strategy: 'file', by: 'later.csv' });
    expect(metadata.dataset_rows).toBe(ROWS.length);
    expect(session.stages[1]?.summary).toContain('Read back: everything as it should be.');
    expect(session.json('train/data/metadata.json').rows).toMatchObject({ test: test.length });
    expect(session.stages[2]?.summary).toContain('The test score lies inside the interval.');
  },
  4 * MINUTES,
);
