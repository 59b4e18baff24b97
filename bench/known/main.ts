/**
 * Whether well-known tables are taken for what they are: target, kinds of columns, problem and split, beside labels
 * that a person made before our code first saw the tables (labels/). The tables come out of packages that ship data,
 * from an environment below build/ by `requirements.lock`. `--plant` takes the columns' names away; `--smoke` reads a
 * tiny table that it makes itself.
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { benchArguments } from '../arguments.ts';
import { withCopy } from '../copy.ts';
import { lockedPython } from '../environment.ts';
import { type Bar, finishReport, machineState, print } from '../report.ts';
import { TINY_TABLES } from './tiny.ts';

const FOLDER = join('bench', 'known');
const LABELS = join(FOLDER, 'labels');
const NOT_MEASURED = [
  'the columns that a target gives away, and the scores of models.',
  'files of other kinds than CSV: npm run bench -- reading measures how files are read.',
];
const FIRST = 'the suggested target is the labelled one';
const KINDS = 'kinds of columns as labelled';

interface Table {
  columns: number;
  faults: string[];
  seconds: number;
}

interface Samples {
  tables: Record<string, Table>;
  columns: number;
  /** Shares of the tables. */
  first: number;
  among: number;
  problem: number;
  split: number;
  problem_and_split: number;
  /** Shares of the columns. */
  kinds: number;
  kinds_by_levels: number;
}

interface Labelled {
  labels: string;
  tables: string;
}

/** The tables as files, written once for these labels and these packages. */
async function writtenTables(python: string): Promise<Labelled> {
  const lock = join(FOLDER, 'requirements.lock');
  const sources = [lock, join(FOLDER, 'tables.py'), ...readdirSync(LABELS).map((file) => join(LABELS, file))];
  const digest = createHash('sha256');
  for (const file of sources) digest.update(readFileSync(file));
  const folder = join('build', 'bench', `known-tables-${digest.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return { labels: LABELS, tables: folder };
  const program = await lockedPython('known', lock, python);
  const half = `${folder}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  await promisify(execFile)(program, [join(FOLDER, 'tables.py'), '--labels', LABELS, '--to', half]);
  renameSync(half, folder);
  return { labels: LABELS, tables: folder };
}

async function measure(python: string, { labels, tables }: Labelled, nameless: boolean): Promise<Samples> {
  const { stdout } = await promisify(execFile)(
    python,
    [
      join(FOLDER, 'measure.py'),
      ...['--labels', labels, '--tables', tables],
      ...(nameless ? ['--nameless'] : []),
    ],
    { env: { ...process.env, PYTHONPATH: 'sandbox' }, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** @throws when the tiny table, which nobody takes for anything else, is not what its labels say */
function checkPlain(samples: Samples): Samples {
  const faults = Object.entries(samples.tables).filter(([, table]) => table.faults.length > 0);
  if (faults.length > 0)
    throw new Error(`A plain table is taken for something else: ${JSON.stringify(faults)}`);
  return samples;
}

function barsOf(samples: Samples): Bar[] {
  const least = true;
  return [
    { name: FIRST, value: samples.first, bar: 0.8, unit: '', least },
    { name: 'it is among the first three', value: samples.among, bar: 0.95, unit: '', least },
    { name: KINDS, value: samples.kinds, bar: 0.97, unit: '', least },
    { name: 'problem and split as labelled', value: samples.problem_and_split, bar: 0.95, unit: '', least },
  ];
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), {});
  const python = process.env.TEMPERA_PYTHON;
  if (!python) throw new Error('TEMPERA_PYTHON is not set: start this by npm run bench -- known.');
  const before = machineState();
  const samples = words.smoke
    ? await withCopy(words, TINY_TABLES, async ({ folder }) => {
        const copy = { labels: join(folder, 'labels'), tables: join(folder, 'tables') };
        return checkPlain(await measure(python, copy, false));
      })
    : await measure(python, await writtenTables(python), words.plant);
  for (const [name, { faults }] of Object.entries(samples.tables))
    if (faults.length > 0) print(`${name}: ${faults.join('; ')}`);
  return finishReport(
    {
      bench: 'known',
      figures: {
        tables: Object.keys(samples.tables).length,
        columns: samples.columns,
        'problem as labelled': samples.problem,
        'split as labelled': samples.split,
        'kinds, numbers with levels taken for labels': samples.kinds_by_levels,
        'seconds, all tables': Object.values(samples.tables).reduce((sum, { seconds }) => sum + seconds, 0),
      },
      bars: barsOf(samples),
      samples,
      notMeasured: NOT_MEASURED,
      smoke: words.smoke ? { without: [] } : null,
      plant: words.plant ? { what: 'the columns have no names', breaks: [FIRST, KINDS] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = await main();
