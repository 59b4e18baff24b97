/** Splits that the person has made, by a column or a test file, against real Python. */

import { header, rows, tableOf } from './testing/penguins.ts';
import { runSession, type ScriptRunner, useScriptRunner } from './testing/stage-harness.ts';

const MINUTES = 60_000;

/** Source rows of a split, read with the same Python as the scripts. */
async function sourceRows(folder: string, split: string): Promise<number[]> {
  const rowsOf = `pd.read_parquet("prep/data/${split}.parquet")["__source_row"]`;
  const code = `import pandas as pd\nprint(sorted(${rowsOf}.tolist()))`;
  const { stdout } = await runner.run(code, folder);
  return JSON.parse(stdout);
}

const places = (keep: (place: number) => boolean) => rows.map((_row, place) => place).filter(keep);

let runner: ScriptRunner;
useScriptRunner((ready) => {
  runner = ready;
});

test(
  'a split column decides which rows are judged on, and is no feature',
  async () => {
    const partOf = (place: number) => (place % 5 === 0 ? 'Test' : place % 5 === 1 ? 'validation' : 'train');
    const table = tableOf(
      `${header},part`,
      rows.map((row, place) => `${row},${partOf(place)}`),
    );
    const facts = { target: 'species', split_column: 'part' };
    const session = await runSession(runner, { table, facts, draw: false, shortTraining: true });
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
      `${header},part`,
      rows.map((row, place) => `${row},${place % 4 === 0 ? 'holdout' : 'training'}`),
    );
    const facts = { target: 'species', split_column: 'part' };
    const session = await runSession(runner, { table, facts, stages: ['eda', 'prep'], draw: false });
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
      header,
      rows.filter((_row, place) => place % 5 !== 0),
      'birds.csv',
    );
    const other = tableOf(
      header,
      rows.filter((_row, place) => place % 5 === 0),
      'later.csv',
    );
    const facts = { target: 'species', test_file: 'later.csv' };
    const session = await runSession(runner, {
      ...{ table, others: [other], facts },
      ...{ draw: false, shortTraining: true },
    });
    const first = rows.filter((_row, place) => place % 5 !== 0).length;
    const test = await sourceRows(session.folder, 'test');
    expect(test).toEqual(Array.from({ length: rows.length - first }, (_, place) => first + place));
    const metadata = session.json('prep/data/metadata.json');
    expect(metadata.split).toMatchObject({ strategy: 'file', by: 'later.csv' });
    expect(metadata.dataset_rows).toBe(rows.length);
    expect(session.stages[1]?.summary).toContain('Read back: everything as it should be.');
    expect(session.json('train/data/metadata.json').rows).toMatchObject({ test: test.length });
    expect(session.stages[2]?.summary).toContain('The test score lies inside the interval.');
  },
  4 * MINUTES,
);

test(
  'a test file without answers judges nothing, which is said: the test is cut from the table',
  async () => {
    const [later, table] = [
      tableOf(
        header.replace('species,', ''),
        rows.slice(280).map((row) => row.slice(row.indexOf(',') + 1)),
        'later.csv',
      ),
      tableOf(header, rows.slice(0, 280), 'birds.csv'),
    ];
    const facts = { target: 'species', test_file: 'later.csv' };
    const session = await runSession(runner, {
      ...{ table, others: [later], facts, stages: ['eda', 'prep'], draw: false },
    });
    expect(session.json('prep/data/metadata.json')).toMatchObject({
      dataset_rows: 280,
      split: { strategy: 'stratified', by: null, test_file: null },
    });
    const dealt = (
      await Promise.all(['train', 'val', 'test'].map((name) => sourceRows(session.folder, name)))
    ).flat();
    expect(Math.max(...dealt)).toBeLessThan(280);
    expect(session.read('eda/report.md')).toContain('The test file `later.csv` has no answers');
    for (const stage of ['eda', 'prep']) {
      expect(session.read(`${stage}/report.md`)).not.toMatch(/later\.csv`? (as asked|as the test split)/);
    }
  },
  2 * MINUTES,
);
