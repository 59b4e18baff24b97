/** One table and what is done to it: what must change the decisions of the exploration, and what must not. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSession, ScriptRunner } from './testing/stage-harness.ts';

const MINUTES = 60_000;
const TARGET = 5;
const [HEADER = '', ...ALL] = readFileSync(join(__dirname, '../../examples/penguins.csv'), 'utf8')
  .trimEnd()
  .split('\n');
/** Rows whose target is known, as cells. */
const ROWS = ALL.map((row) => row.split(',')).filter((cells) => Number(cells[TARGET]) > 0);
const NAMES = HEADER.split(',');

/** What was said, called and concluded. */
type Decisions = { said: string[]; calls: unknown[]; summary: string };

async function decide(names: string[], rows: string[][], target: string): Promise<Decisions> {
  const table = join(mkdtempSync(join(tmpdir(), 'table-')), 'birds.csv');
  writeFileSync(table, `${[names, ...rows].map((cells) => cells.join(',')).join('\n')}\n`);
  const { stages } = await runSession(runner, { table, facts: { target }, stages: ['eda'] });
  const { said = [], calls = [], summary = '' } = stages[0] ?? {};
  return { said, calls, summary };
}

const withTarget = (change: (cell: string) => string) =>
  ROWS.map((cells) => cells.map((cell, place) => (place === TARGET ? change(cell) : cell)));

let runner: ScriptRunner;
let plain: Decisions;
beforeAll(async () => {
  runner = new ScriptRunner();
  await runner.ready();
  plain = await decide(NAMES, ROWS, 'body_mass_g');
}, 3 * MINUTES);
afterAll(() => runner.stop());

test(
  'shuffled rows change no word and no call',
  async () => {
    const shuffled = ROWS.map((_cells, place) => ROWS[(place * 101 + 7) % ROWS.length] ?? []);
    expect(await decide(NAMES, shuffled, 'body_mass_g')).toEqual(plain);
  },
  MINUTES,
);

test(
  'a renamed target is spoken of and worked with under its new name, and with it alone',
  async () => {
    const names = NAMES.map((name, place) => (place === TARGET ? 'heft' : name));
    const renamed = await decide(names, ROWS, 'heft');
    expect(renamed.calls).not.toEqual(plain.calls);
    expect(renamed.summary).toBe(plain.summary.replaceAll('body_mass_g', 'heft'));
  },
  MINUTES,
);

test(
  'an added leak is named and left out; everything else is decided as before',
  async () => {
    const rows = ROWS.map((cells) => [...cells, String(Math.sqrt(Number(cells[TARGET])).toFixed(9))]);
    const leaky = await decide([...NAMES, 'root'], rows, 'body_mass_g');
    expect(leaky.calls).not.toEqual(plain.calls);
    expect(plain.summary).toContain('No column gives the target away.');
    expect(leaky.summary).toMatch(/Dropped because they give the target away: `root` \(/);
    expect(leaky.summary).toContain('Target: `body_mass_g` (regression)');
  },
  MINUTES,
);

test(
  'a target turned into text is a matter of classes',
  async () => {
    const rows = withTarget((cell) =>
      Number(cell) > 4500 ? 'heavy' : Number(cell) > 3600 ? 'middling' : 'light',
    );
    const classes = await decide(NAMES, rows, 'body_mass_g');
    expect(classes.calls).not.toEqual(plain.calls);
    expect(plain.summary).toContain('Target: `body_mass_g` (regression)');
    expect(classes.summary).toContain('Target: `body_mass_g` (multiclass)');
    expect(JSON.stringify(classes.calls)).toContain('\\"metric\\": \\"accuracy\\"');
    expect(JSON.stringify(plain.calls)).toContain('\\"metric\\": \\"r2\\"');
  },
  MINUTES,
);
