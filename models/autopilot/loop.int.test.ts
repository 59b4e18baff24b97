/** The offline model against real Python: what it leaves, and what does and does not change its decisions. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { header, PENGUINS, rows, tableOf } from './testing/penguins.ts';
import {
  runSession,
  ScriptRunner,
  type SessionOptions,
  type SessionRecord,
  type StageRun,
} from './testing/stage-harness.ts';

const MINUTES = 60_000;

/** The same rows in another order: by a fixed stride that is prime to their number. */
function shuffled(body: readonly string[]): string[] {
  return body.map((_row, place) => body[(place * 101 + 7) % body.length] ?? '');
}

/** Everything that the model said and did in a stage. */
function decisionsOf(run: SessionRecord): unknown {
  return run.stages.map(({ stage, texts, calls, summary }) => ({ stage, texts, calls, summary }));
}

let runner: ScriptRunner;
/**
 * The whole pipeline on penguins, the target not given; what other sessions draw of penguins looks like its
 * figures.
 */
let session: SessionRecord;
beforeAll(async () => {
  runner = new ScriptRunner();
  await runner.ready();
  session = await runSession(runner, { table: PENGUINS });
}, 6 * MINUTES);
afterAll(() => runner.stop());

const explore = (options: Omit<SessionOptions, 'stages' | 'draw'>) =>
  runSession(runner, { ...options, stages: ['eda'], draw: false });

describe('the whole pipeline on penguins, the target not given', () => {
  test('takes at most twenty turns and no repair', () => {
    expect(session.stages.reduce((sum, run) => sum + run.turns, 0)).toBeLessThanOrEqual(20);
    expect(
      session.stages.flatMap((run) => run.results).filter((text) => !text.startsWith('exit: ok')),
    ).toEqual([]);
  });

  test('says which target it chose and why', () => {
    expect(session.stages[0]?.summary).toContain(
      'Target: `species` (multiclass), because no target was given',
    );
  });

  test('embeds six or more figures, all of which are there', () => {
    const figures = [...session.read('eda/report.md').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(
      (found) => found[1] ?? '',
    );
    expect(figures.length).toBeGreaterThanOrEqual(6);
    expect(figures.filter((path) => !existsSync(join(session.folder, 'eda', path)))).toEqual([]);
  });

  test('says the same share of missing cells in exploration and preparation', () => {
    const { columns, rows: seen } = session.json('eda/data/profile.json') as {
      columns: { missing: number }[];
      rows: number;
    };
    const missing = columns.reduce((sum, column) => sum + column.missing, 0);
    expect(session.json('prep/data/metadata.json').quality_stats).toMatchObject({
      missing_cells: missing,
      missing_share: Number((missing / (seen * columns.length)).toFixed(6)),
    });
    const pattern = / of the(?: upload’s)? cells are missing/;
    const words = ['eda/report.md', 'prep/report.md'].map((path) =>
      session
        .read(path)
        .split(pattern)[0]
        ?.split(/\s(?=\d+ \()/)
        .at(-1),
    );
    expect(words[0]).toBe(words[1]);
  });

  test('speaks of models by their titles and of numbers in good grammar', () => {
    const spoken = session.stages.flatMap(({ texts, summary }) => [...texts, summary]);
    const texts = [...spoken, ...['eda', 'prep', 'train'].map((stage) => session.read(`${stage}/report.md`))];
    for (const text of texts) {
      expect(text).not.toMatch(/extra_trees|\bkernel\b|\bboosting\b(?<!gradient boosting)/);
      expect(text).not.toMatch(
        /\b[Aa] (?:extremely|[aeio]\w+ model)\b|\b1 (?:rows|columns|folds)\b|because (?:It|Its)\b/,
      );
    }
    expect(session.read('train/report.md')).toMatch(/cross-validated once more, on 50 other folds/);
  });

  test('splits add up', () => {
    const metadata = session.json('prep/data/metadata.json');
    const { train_rows, val_rows, test_rows, total_rows } = metadata;
    expect(Number(train_rows) + Number(val_rows) + Number(test_rows)).toBe(total_rows);
    expect(total_rows).toBe(344);
  });

  test('reaches 0.97 accuracy by repeated cross-validation, the test score inside the interval', () => {
    const metadata = session.json('train/data/metadata.json');
    expect(metadata.cv).toMatchObject({ metric: 'accuracy', folds: 5, repeats: 10 });
    expect((metadata.cv as { mean: number }).mean).toBeGreaterThanOrEqual(0.97);
    expect(metadata.prediction_interval).toMatchObject({ inside: true });
  });

  test(
    'decides the same when the rows are shuffled',
    async () => {
      const again = await runSession(runner, { table: tableOf(header, shuffled(rows)), draw: false });
      expect(decisionsOf(again)).toEqual(decisionsOf(session));
      // a fingerprint is of the rows' places in the file
      const decided = (run: SessionRecord): string =>
        run.read('train/data/metadata.json').replace(/"(?:seconds": [\d.]+|fingerprint": "\w+")/g, '');
      expect(decided(again)).toEqual(decided(session));
    },
    4 * MINUTES,
  );
});

describe('what changes a decision', () => {
  test(
    'a target of another name is chosen by it, said with its reason',
    async () => {
      const renamed = await explore({ table: tableOf(header.replace('species', 'kind_of_bird'), rows) });
      expect(renamed.stages[0]?.summary).toContain(
        'Target: `kind_of_bird` (multiclass), because no target was given and `kind_of_bird` sounds like an outcome',
      );
      expect(renamed.stages[0]?.calls).not.toEqual(session.stages[0]?.calls);
    },
    2 * MINUTES,
  );

  test(
    'a one-to-one code of the target is found, named and dropped',
    async () => {
      const codes: Record<string, string> = { Adelie: 'k7', Chinstrap: 'k2', Gentoo: 'k9' };
      const table = tableOf(
        `${header},bird_code`,
        rows.map((row) => `${row},${codes[row.split(',')[0] ?? '']}`),
      );
      const leaky = await explore({ table });
      expect(leaky.stages[0]?.summary).toContain(
        '`bird_code` (each value of `bird_code` goes with one label',
      );
      expect(leaky.read('eda/report.md')).toContain('**Drop `bird_code`: it gives the target away**');
      expect(leaky.json('eda/data/decisions.json')).toMatchObject({
        leaks: { bird_code: expect.any(String) },
      });
    },
    2 * MINUTES,
  );
});

describe('a number target, and what is done to its table', () => {
  const target = 'body_mass_g';
  const place = header.split(',').indexOf(target);
  const massOf = (row: string) => row.split(',')[place] ?? '';
  const known = rows.filter((row) => Number(massOf(row)) > 0);
  let plain: StageRun;
  beforeAll(async () => {
    plain = await decide(header, known);
  }, 2 * MINUTES);

  async function decide(head: string, body: readonly string[], predicted = target): Promise<StageRun> {
    const facts = { target: predicted } as SessionOptions['facts'];
    const { stages } = await explore({ table: tableOf(head, body), facts });
    const [stage] = stages;
    if (stage === undefined) throw new Error('Nothing was explored.');
    return stage;
  }

  test(
    'shuffled rows change no word and no call',
    async () => {
      const { texts, calls, summary } = await decide(header, shuffled(known));
      expect({ texts, calls, summary }).toEqual({
        texts: plain.texts,
        calls: plain.calls,
        summary: plain.summary,
      });
    },
    2 * MINUTES,
  );

  test(
    'a renamed target is spoken of and worked with under its new name, and with it alone',
    async () => {
      const renamed = await decide(header.replace(target, 'heft'), known, 'heft');
      expect(renamed.calls).not.toEqual(plain.calls);
      expect(renamed.summary).toBe(plain.summary.replaceAll(target, 'heft'));
      expect(renamed.summary).toContain('Target: `heft` (regression), because it was given');
    },
    2 * MINUTES,
  );

  test(
    'monotone maps of it are found, named and left out; everything else is decided as before',
    async () => {
      const body = known.map(
        (row) =>
          `${row},${Math.sqrt(Number(massOf(row))).toFixed(9)},${Math.log(Number(massOf(row))).toFixed(8)}`,
      );
      const leaky = await decide(`${header},root,scale`, body);
      expect(leaky.calls).not.toEqual(plain.calls);
      expect(plain.summary).toContain('No column was found that gives the target away.');
      expect(leaky.summary).toMatch(
        /Dropped because they give the target away: (?=.*`root` \()(?=.*`scale` \()/,
      );
      expect(leaky.summary).toContain('Target: `body_mass_g` (regression)');
    },
    2 * MINUTES,
  );

  test(
    'turned into text it is a matter of classes',
    async () => {
      const classOf = (mass: number) => (mass > 4500 ? 'heavy' : mass > 3600 ? 'middling' : 'light');
      const body = known.map((row) =>
        row
          .split(',')
          .map((cell, at) => (at === place ? classOf(Number(cell)) : cell))
          .join(','),
      );
      const classes = await decide(header, body);
      expect(classes.calls).not.toEqual(plain.calls);
      expect(plain.summary).toContain('Target: `body_mass_g` (regression)');
      expect(classes.summary).toContain('Target: `body_mass_g` (multiclass)');
      expect(JSON.stringify(classes.calls)).toContain('\\"metric\\": \\"accuracy\\"');
      expect(JSON.stringify(plain.calls)).toContain('\\"metric\\": \\"r2\\"');
    },
    2 * MINUTES,
  );
});

describe('along the way', () => {
  test(
    'a script that fails is repaired by what its traceback says, which is told in words',
    async () => {
      const sabotage = (code: string, _stage: string, runs: number) =>
        runs === 1 ? `raise MemoryError\n${code}` : code;
      const mended = await explore({ table: PENGUINS, sabotage });
      const codes = mended.stages[0]?.calls.filter((call) => call.name === 'execute_code') ?? [];
      expect(mended.stages[0]?.texts[1]).toContain(
        'it ran out of memory. I run it again telling of fewer columns',
      );
      expect(codes[0]?.code).toContain('"show_columns": 150');
      expect(codes[1]?.code).toContain('"show_columns": 37');
      expect(codes).toHaveLength(4);
    },
    2 * MINUTES,
  );

  test.each(['aggregates', 'none'] as const)(
    'data_sharing %s keeps values out of what scripts print',
    async (sharing) => {
      const facts = { data_sharing: sharing } as SessionOptions['facts'];
      const stages = ['eda', 'prep'] as const;
      const session = await runSession(runner, { table: PENGUINS, facts, stages, draw: false });
      const printed = session.stages.flatMap((run) => run.results).join('\n');
      expect(printed).not.toMatch(/Adelie|Torgersen|FEMALE/);
      if (sharing === 'none') expect(printed).not.toMatch(/344|0\.\d{2}/);
      expect(session.stages[1]?.summary).toContain('Read back: everything as it should be.');
    },
    2 * MINUTES,
  );
});
