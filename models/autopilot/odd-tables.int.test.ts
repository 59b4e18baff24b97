/** Tables that are odd, too small or without an answer, against real Python: what is said of them. */

import { header, rows, tableOf } from './testing/penguins.ts';
import { runSession, ScriptRunner, type SessionOptions } from './testing/stage-harness.ts';

const MINUTES = 60_000;

let runner: ScriptRunner;
beforeAll(async () => {
  runner = new ScriptRunner();
  await runner.ready();
}, 2 * MINUTES);
afterAll(() => runner.stop());

const explore = (options: Omit<SessionOptions, 'stages'>) =>
  runSession(runner, { ...options, stages: ['eda'] });

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
      /^No usable column remains to predict `answer` from: `key` is left out because .*`constant` is left out because it has one value/,
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
      // a fixed generator, so that the coin falls the same way in every run
      let state = 7;
      const random = () => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
      };
      const body = Array.from({ length: 160 }, () =>
        [random(), random(), random()].map((value) => value.toFixed(6)),
      );
      const coin = body.map((cells) => [...cells, random() < 0.5 ? 'yes' : 'no'].join(','));
      const facts = { target: 'coin' } as SessionOptions['facts'];
      const session = await runSession(runner, { table: tableOf('a,b,c,coin', coin), facts });
      expect(session.stages[2]?.summary).toContain('do not use it');
    },
    4 * MINUTES,
  );
});

describe('a table without header', () => {
  test(
    'whose zeros are impossible is read as such',
    async () => {
      const body = Array.from({ length: 120 }, (_, place) => {
        const pressure = place % 20 === 3 ? 0 : 60 + ((place * 37) % 61);
        return `${place % 7},${pressure},${((place * 53) % 97) / 10},${pressure % 2}`;
      });
      const session = await explore({ table: tableOf(body[0] ?? '', body.slice(1)) });
      expect(session.stages[0]?.summary).toContain('Target: `column_4` (binary)');
      expect(session.stages[0]?.summary).toContain('Zero is taken for missing in `column_2` (uncertain)');
    },
    2 * MINUTES,
  );
});
