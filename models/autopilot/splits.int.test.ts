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

/** Rows from a fixed generator, so that each run has the same. */
function drawn(count: number, make: (random: () => number) => string): string[] {
  let state = 11;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: count }, () => make(random));
}

const pick = (random: () => number, values: readonly string[]) =>
  values[Math.floor(random() * values.length)] ?? '';

test(
  'a table of few combinations is split row by row, says so, and beats the baseline',
  async () => {
    const body = drawn(800, (random) => {
      const [berth, age] = [pick(random, ['1st', '2nd', '3rd', 'crew']), pick(random, ['adult', 'child'])];
      const [sex, port] = [pick(random, ['female', 'male', 'male']), pick(random, ['S', 'C'])];
      const chance = 0.15 + (sex === 'female' ? 0.6 : 0) + (berth === '1st' ? 0.15 : 0);
      return [berth, age, sex, port, random() < chance ? 'yes' : 'no'].join(',');
    });
    const table = tableOf('ship.csv', 'berth,age,sex,port,survived', body);
    const session = await runSession(runner, { table, facts: { target: 'survived' } });
    expect(session.json('prep/data/metadata.json')).toMatchObject({
      test_rows: 120,
      val_rows: 120,
      split: { equal_rows: 'mixed' },
    });
    expect(session.read('prep/report.md')).toMatch(/Rows with equal features could not be held apart/);
    const figures = session.read('eda/report.md').match(/!\[/g) ?? [];
    expect(figures.length).toBeGreaterThanOrEqual(6);
    const { metrics } = session.json('train/data/metadata.json') as {
      metrics: { test: { accuracy: number; roc_auc: number }; baseline: { accuracy: number } };
    };
    expect(metrics.test.accuracy).toBeGreaterThan(metrics.baseline.accuracy);
    expect(metrics.test.roc_auc).toBeGreaterThan(0.7);
  },
  4 * MINUTES,
);

test(
  'fourteen days of weather, six times over, are learned',
  async () => {
    const days =
      'sunny,hot,high,weak,no|sunny,hot,high,strong,no|overcast,hot,high,weak,yes|rain,mild,high,weak,yes|rain,cool,normal,weak,yes|rain,cool,normal,strong,no|overcast,cool,normal,strong,yes|sunny,mild,high,weak,no|sunny,cool,normal,weak,yes|rain,mild,normal,weak,yes|sunny,mild,normal,strong,yes|overcast,mild,high,strong,yes|overcast,hot,normal,weak,yes|rain,mild,high,strong,no'.split(
        '|',
      );
    const body = Array.from({ length: 6 }, () => days).flat();
    const table = tableOf('tennis.csv', 'outlook,temperature,humidity,wind,play', body);
    const session = await runSession(runner, { table, facts: { target: 'play' } });
    expect(
      session.stages.flatMap((run) => run.results).filter((text) => !text.startsWith('exit: ok')),
    ).toEqual([]);
    const { metrics } = session.json('train/data/metadata.json') as {
      metrics: { test: { accuracy: number }; baseline: { accuracy: number } };
    };
    expect(metrics.test.accuracy).toBeGreaterThan(metrics.baseline.accuracy);
    expect(session.read('train/report.md')).toMatch(/The test has only 12 rows: its score says little/);
  },
  4 * MINUTES,
);

test(
  'rows along time are judged in the target’s unit, on the folds that compared them',
  async () => {
    const body = Array.from({ length: 240 }, (_, day) => {
      const date = new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10);
      return `${date},${(day * 37) % 11},${(20 + 8 * Math.sin(day / 20) + ((day * 53) % 7)).toFixed(1)}`;
    });
    const table = tableOf('heat.csv', 'day,wind,heat', body);
    const session = await runSession(runner, { table, facts: { target: 'heat' } });
    const report = session.read('train/report.md');
    expect(session.json('train/data/metadata.json').primary_metric).toBe('rmse');
    expect(report).not.toMatch(/other folds/);
    expect(report).toMatch(/Its 5 folds, cut forwards in time, also say what to expect/);
  },
  4 * MINUTES,
);
