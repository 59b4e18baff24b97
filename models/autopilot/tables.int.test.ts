/**
 * Tables of their own kind, odd ones, against real Python: how rows are dealt, rows of equal features on one side of a
 * split where that leaves sensible ones, and what the reports say of it.
 */

import { header, rows, tableOf } from './testing/penguins.ts';
import {
  runSession,
  type ScriptRunner,
  type SessionOptions,
  useScriptRunner,
} from './testing/stage-harness.ts';

const MINUTES = 60_000;

/** The same numbers between 0 and 1 in every run. */
function generatorOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const pick = (random: () => number, values: readonly string[]) =>
  values[Math.floor(random() * values.length)] ?? '';

let runner: ScriptRunner;
useScriptRunner((ready) => {
  runner = ready;
});

const explore = (options: Omit<SessionOptions, 'stages'>) =>
  runSession(runner, { ...options, stages: ['eda'] });

test(
  'a table of few combinations is split row by row, says so, and beats the baseline',
  async () => {
    const random = generatorOf(11);
    const body = Array.from({ length: 800 }, () => {
      const [berth, age] = [pick(random, ['1st', '2nd', '3rd', 'crew']), pick(random, ['adult', 'child'])];
      const [sex, port] = [pick(random, ['female', 'male', 'male']), pick(random, ['S', 'C'])];
      const chance = 0.15 + (sex === 'female' ? 0.6 : 0) + (berth === '1st' ? 0.15 : 0);
      return [berth, age, sex, port, random() < chance ? 'yes' : 'no'].join(',');
    });
    const table = tableOf('berth,age,sex,port,survived', body, 'ship.csv');
    const session = await runSession(runner, {
      ...{ table, facts: { target: 'survived' } },
      shortTraining: true,
    });
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
    const days = [
      'sunny,hot,high,weak,no',
      'sunny,hot,high,strong,no',
      'overcast,hot,high,weak,yes',
      'rain,mild,high,weak,yes',
      'rain,cool,normal,weak,yes',
      'rain,cool,normal,strong,no',
      'overcast,cool,normal,strong,yes',
      'sunny,mild,high,weak,no',
      'sunny,cool,normal,weak,yes',
      'rain,mild,normal,weak,yes',
      'sunny,mild,normal,strong,yes',
      'overcast,mild,high,strong,yes',
      'overcast,hot,normal,weak,yes',
      'rain,mild,high,strong,no',
    ];
    const body = Array.from({ length: 6 }, () => days).flat();
    const table = tableOf('outlook,temperature,humidity,wind,play', body, 'tennis.csv');
    const session = await runSession(runner, {
      ...{ table, facts: { target: 'play' } },
      ...{ draw: false, shortTraining: true },
    });
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
    const table = tableOf('day,wind,heat', body, 'heat.csv');
    const session = await runSession(runner, { table, facts: { target: 'heat' } });
    const report = session.read('train/report.md');
    expect(session.json('train/data/metadata.json').primary_metric).toBe('rmse');
    expect(report).not.toMatch(/other folds/);
    expect(report).toMatch(/Its 5 folds, cut forwards in time, also say what to expect/);
  },
  4 * MINUTES,
);

describe('a table that cannot be brought through', () => {
  test('of five rows ends with one sentence and its remedy', async () => {
    const session = await explore({ table: tableOf(header, rows.slice(0, 5)) });
    expect(session.stages[0]?.summary).toBe(
      '5 rows are too few; 20 or more are needed. Upload a table with more rows.',
    );
  });

  test('with too few answers says how many there are', async () => {
    const body = rows.map((row, place) => (place % 40 === 0 ? row : row.replace(/^\w+,/, ',')));
    const facts = { target: 'species' } as SessionOptions['facts'];
    const session = await explore({ table: tableOf(header, body), facts });
    expect(session.stages[0]?.summary).toMatch(
      /^Only 9 rows have a value of `species`; 20 or more are needed\. Fill in/,
    );
  });

  test('without a usable column names what was left out and why', async () => {
    const body = Array.from({ length: 60 }, (_, place) => `id_${place},same,${place % 2 ? 'yes' : 'no'}`);
    const facts = { target: 'answer' } as SessionOptions['facts'];
    const session = await explore({ table: tableOf('key,constant,answer', body), facts });
    expect(session.stages[0]?.summary).toMatch(
      new RegExp(
        '^No usable column remains to predict `answer` from: `key` is left out because .*' +
          '`constant` is left out because it is the same in every row',
      ),
    );
  });
});

describe('what the figures show', () => {
  test(
    'categories that begin alike stay apart, and names that the font lacks are explained',
    async () => {
      const kinds = [
        'a very long category name that ends in one',
        'a very long category name that ends in two',
        '企鵝',
      ];
      const body = rows.map((row, place) => `${row},${kinds[place % 3]}`);
      const session = await explore({ table: tableOf(`${header},kind`, body) });
      const report = session.read('eda/report.md');
      expect(report).toMatch(/The figures’ font has no letters for some names\. In them #1 is `企鵝`\./);
      expect(session.stages[0]?.results.filter((text) => !text.startsWith('exit: ok'))).toEqual([]);
    },
    2 * MINUTES,
  );
});

describe('a target that nothing predicts', () => {
  test(
    'is said to be one, whatever a lucky test split shows',
    async () => {
      const random = generatorOf(7);
      const body = Array.from({ length: 160 }, () =>
        [random(), random(), random()].map((value) => value.toFixed(6)),
      );
      const coin = body.map((cells) => [...cells, random() < 0.5 ? 'yes' : 'no'].join(','));
      const facts = { target: 'coin' } as SessionOptions['facts'];
      const session = await runSession(runner, { table: tableOf('a,b,c,coin', coin), facts, draw: false });
      expect(session.stages[2]?.summary).toContain('do not use it');
    },
    4 * MINUTES,
  );
});

describe('a table without header', () => {
  test(
    'gets names by place, and its first line counts',
    async () => {
      const body = Array.from({ length: 120 }, (_, place) => {
        const pressure = place % 20 === 3 ? 0 : 60 + ((place * 37) % 61);
        return `${place % 7},${pressure},${((place * 53) % 97) / 10},${pressure % 2}`;
      });
      const session = await explore({ table: tableOf(body[0] ?? '', body.slice(1)) });
      expect(session.stages[0]?.summary).toContain('Target: `column_4` (binary)');
      expect(session.json('eda/data/profile.json')).toMatchObject({ rows: 120, read: { header: false } });
    },
    2 * MINUTES,
  );
});
