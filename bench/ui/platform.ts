/** The platform with everything in it that the pages are measured with. */

import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { code } from '../../tests/platform/scripted.ts';
import { until } from '../../tests/platform/wait.ts';
import { type BenchPlatform, startBenchPlatform } from '../platform.ts';
import { print } from '../report.ts';
import { messageEvents, studioEvents } from './conversations.ts';
import { addDecided } from './decisions.ts';
import { liveScript } from './moving.ts';
import { addCompared, addExperiment, addSeries, addSession } from './rows.ts';

export interface Sizes {
  events: number;
  messages: number;
  points: number;
  rows: number;
  sessions: number;
  live: number;
}

/** Sessions by what they are full of. */
export interface Filled {
  bench: BenchPlatform;
  events: string;
  messages: string;
  points: string;
  rows: string;
  compared: string[];
  decided: string;
}

const EXPERIMENTS = 40;

export async function startFilled(sizes: Sizes): Promise<Filled> {
  const bench = await startBenchPlatform({ eda: [() => [code('log', liveScript(sizes.live))]] });
  try {
    return { bench, ...(await fill(bench, sizes)) };
  } catch (error) {
    await bench.stop();
    throw error;
  }
}

async function fill(bench: BenchPlatform, sizes: Sizes): Promise<Omit<Filled, 'bench'>> {
  const { database } = bench;
  const experiments: string[] = [];
  for (let place = 0; place < EXPERIMENTS; place += 1) {
    experiments.push(await addExperiment(database, `Experiment ${place}`));
  }
  const compared = await addCompared(database, experiments, sizes.sessions);
  const [first = ''] = experiments;
  const events = await addSession(database, first, studioEvents(sizes.events));
  const messages = await addSession(database, first, messageEvents(sizes.messages));
  const points = await addSession(database, first, studioEvents(60));
  await addSeries(database, points, { name: 'step_loss', points: sizes.points });
  print(`${sizes.points} points and ${sizes.messages} messages are stored`);
  const rows = await addTable(bench, sizes.rows);
  const decided = await addDecided(database);
  await database.query('analyze');
  return { events, messages, points, rows, compared, decided };
}

/** A session over an uploaded table of `rows` rows, which its Data tab reads as it is. */
async function addTable({ platform: { rest } }: BenchPlatform, rows: number): Promise<string> {
  const file = join(tmpdir(), `tempera-bench-${process.pid}.csv`);
  try {
    const table = createWriteStream(file);
    table.write('row,amount,region,score,label\n');
    for (let at = 0; at < rows; at += 10_000) {
      const some = Array.from({ length: Math.min(10_000, rows - at) }, (_, place) => rowText(at + place));
      if (!table.write(some.join(''))) await once(table, 'drain');
    }
    table.end();
    await once(table, 'finish');
    const experiment = await rest.createExperiment(file, { name: 'A million rows', target: 'label' });
    const { id } = await rest.createSession(experiment.id, { mode: 'manual', model: 'autopilot/standard' });
    await until(
      'its table can be read',
      async () => (await rest.get<{ items: object[] }>(`/api/sessions/${id}/tables`)).items.length > 0,
      120,
    );
    print(`${rows} rows are uploaded`);
    return id;
  } finally {
    rmSync(file, { force: true });
  }
}

const rowText = (row: number): string =>
  `${row},${((row * 7919) % 100_003) / 100},region ${row % 17},${Math.sin(row).toFixed(5)},` +
  `${row % 3 === 0 ? 'yes' : 'no'}\n`;
