/**
 * What an answer costs the api: processor time of its process by request, beside reading the same rows and serialising
 * them with nothing around. `--requests 2000` of each address, `--experiments 200`, `--rounds 3`; `--plant`, `--smoke`.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { newId } from '../../core/ids.ts';
import { LOCAL } from '../../core/principal.ts';
import { type Database, insertExperiment } from '../../db/index.ts';
import { benchArguments } from '../arguments.ts';
import { type BenchPlatform, startBenchPlatform } from '../platform.ts';
import { type Bar, finishReport, machineState, print, quantile } from '../report.ts';
import { messageEvents } from '../ui/conversations.ts';
import { addExperiment, addSeries, addSession } from '../ui/rows.ts';

const NOT_MEASURED = [
  'a network, TLS and several callers at once: one asks after the other on the same machine.',
  'the time of Postgres, which works in its own processes.',
  'the page that shows what comes.',
];
/** Of the clock that /proc counts a process’s time by. */
const TICK_MS = 10;
const LISTED_BYTES = 60_000;
/** With the plant each request that counts stands for this many. */
const PLANTED = 12;
const POINTS = 500;
const MESSAGES = 200;
const EVENTS = 500;
const COLUMNS = 30;

interface Address {
  name: string;
  path: string;
  /** Milliseconds of processor time. */
  bar: number;
  /** What holds the same rows; null where nothing stored is shown. */
  rows: string | null;
}
interface Sample {
  name: string;
  /** Milliseconds of the api's processor time by request, a round each. */
  spent: number[];
  /** Of reading the same and serialising it here. */
  alone: number[];
  bytes: number;
}

/** Milliseconds of processor time that a process has used, its threads together. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Bytes on the wire of one answer. */
async function ask(url: string, agent: Agent): Promise<number> {
  const [response] = (await once(
    get(url, { agent, headers: { 'accept-encoding': 'br, gzip' } }),
    'response',
  )) as [IncomingMessage];
  const { length } = await buffer(response);
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  return length;
}

async function fill({ database }: BenchPlatform, experiments: number): Promise<Address[]> {
  const columns = Array.from({ length: COLUMNS }, (_, place) => ({
    ...{ name: `column ${place}`, type: 'number', missing: place, distinct: 100 + place },
    examples: [place, place + 0.5, place * 3],
  }));
  await database.transaction(async (tx) => {
    for (let place = 0; place < experiments; place += 1) {
      await insertExperiment(tx, LOCAL, {
        ...{ id: newId(), name: `table ${place}`, dataset_ref: `s3://tempera/datasets/${place}/` },
        dataset: { files: [], profile: { rows: 10_000 + place, columns } },
      });
    }
  });
  const session = await addSession(
    database,
    await addExperiment(database, 'read'),
    messageEvents(MESSAGES * 3),
  );
  await database.query(
    `insert into messages (id, session_id, stage, run, turn, role, content)
     select gen_random_uuid(), $1, 'train', 1, turn, 'assistant', $3 from generate_series(1, $2) as turn`,
    [session, MESSAGES, JSON.stringify([{ type: 'text', text: 'The split is stratified. '.repeat(20) }])],
  );
  await addSeries(database, session, { name: 'loss', points: POINTS });
  const of = `/api/sessions/${session}`;
  const stream = `stream_id = 'session/${session}'`;
  return [
    {
      ...{ name: `${experiments} experiments`, path: `/api/experiments?limit=200`, bar: 1.5 },
      rows: `select id, name, created_at, dataset->'files' as files from experiments order by created_at limit 200`,
    },
    {
      ...{ name: `${MESSAGES} messages`, path: `${of}/messages?limit=${MESSAGES}`, bar: 1.5 },
      rows: `select * from messages where session_id = '${session}' limit ${MESSAGES}`,
    },
    {
      ...{ name: `${EVENTS} events`, path: `${of}/events?limit=${EVENTS}`, bar: 2 },
      rows: `select * from events where ${stream} order by seq limit ${EVENTS}`,
    },
    {
      ...{ name: `${POINTS} points`, path: `${of}/metrics?name=loss`, bar: 2 },
      rows: `select * from metrics where session_id = '${session}' order by step limit ${POINTS}`,
    },
    { name: 'status', path: '/api/status', bar: 2, rows: null },
  ];
}

async function measure(
  { platform, database }: BenchPlatform,
  addresses: readonly Address[],
  words: ReturnType<typeof benchArguments>,
): Promise<Sample[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const requests = words.number('requests');
  const samples: Sample[] = [];
  for (const { name, path, rows } of addresses) {
    const url = `${platform.run().addresses.api}${path}`;
    const sample: Sample = { name, spent: [], alone: [], bytes: await ask(url, agent) };
    // what is compiled on the way belongs to no request
    for (let place = 0; place < requests / 4; place += 1) await ask(url, agent);
    for (let round = 0; round < words.number('rounds'); round += 1) {
      const pid = platform.pid('api');
      const before = processorMs(pid);
      for (let place = 0; place < requests * (words.plant ? PLANTED : 1); place += 1) await ask(url, agent);
      sample.spent.push((processorMs(pid) - before) / requests);
      if (rows !== null) sample.alone.push(await aloneMs(database, rows, requests));
    }
    print(`${name}: ${quantile(sample.spent, 0.5).toFixed(2)} ms, ${sample.bytes} bytes`);
    samples.push(sample);
  }
  agent.destroy();
  return samples;
}

/** Milliseconds of this process's time to read the rows and to write them as JSON, nothing around. */
async function aloneMs(database: Database, rows: string, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let place = 0; place < times; place += 1) JSON.stringify(await database.query(rows));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { requests: 500, experiments: 200, rounds: 3 },
    smoke: { requests: 10, experiments: 20, rounds: 1 },
  });
  const before = machineState();
  const bench = await startBenchPlatform({});
  let addresses: Address[] = [];
  const samples = await (async () => {
    addresses = await fill(bench, words.number('experiments'));
    return await measure(bench, addresses, words);
  })().finally(() => bench.stop());
  const barName = (name: string) => `processor time of ${name}`;
  const bars: Bar[] = samples.map(({ name, spent }, at) => {
    const { bar } = addresses[at] as Address;
    return { name: barName(name), value: quantile(spent, 0.5), bar, unit: 'ms' };
  });
  const listed = samples[0]?.bytes ?? Number.NaN;
  bars.push({ name: 'list of experiments on the wire', value: listed, bar: LISTED_BYTES, unit: 'bytes' });
  const figures = samples.flatMap(({ name, alone, bytes }) => [
    ...(alone.length > 0 ? [[`${name}: read and serialised alone, ms`, quantile(alone, 0.5)]] : []),
    [`${name}: on the wire, bytes`, bytes],
  ]);
  const what = `each request is made ${PLANTED} times and counted once`;
  return finishReport(
    {
      ...{ bench: 'rest', figures: Object.fromEntries(figures), bars, samples, notMeasured: NOT_MEASURED },
      plant: words.plant ? { what, breaks: samples.map(({ name }) => barName(name)) } : null,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = await main();
