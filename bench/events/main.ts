/**
 * From `log()` in a script to the readers of its session, over the whole way: host, worker, Postgres, api, SSE.
 * `--seconds 30` of `--rate 200` calls a second to `--readers 50`, `--killedSeconds 30` with the api killed; then
 * `--fast 50000` points a second for `--fastSeconds 20`; `--plant`, `--smoke`.
 */

import { join } from 'node:path';
import { code } from '../../tests/platform/scripted.ts';
import { benchArguments } from '../arguments.ts';
import { type BenchPlatform, plantDelay, startBenchPlatform } from '../platform.ts';
import { type Bar, finishReport, machineState, print, quantile, round } from '../report.ts';
import { type KilledSample, type LatencySample, measureKilled, measureLatency } from './latency.ts';
import { fastScript, pacedScript } from './scripts.ts';
import { measureThroughput, type ThroughputSample } from './throughput.ts';

const NOT_MEASURED = [
  'a network: readers, api and host are on one machine and share its processors.',
  'a browser: the readers parse events and draw nothing.',
  'several sessions at once, and readers that are slow.',
];
const LATENCY_MS = 100;
const CATCH_UP_SECONDS = 5;

/** The script asks for a little more than the bar, so that a platform which keeps up holds it. */
const FAST_MARGIN = 1.05;

interface Samples {
  steady: LatencySample;
  killed: KilledSample;
  fast: ThroughputSample;
}

async function measure(
  bench: BenchPlatform,
  script: { text: string },
  words: ReturnType<typeof benchArguments>,
): Promise<Samples> {
  const rate = words.number('rate');
  const calls = Math.round(rate * words.number('seconds'));
  const readers = words.number('readers');
  script.text = pacedScript({ calls: 20, perSecond: rate });
  await measureLatency(bench, { calls: 20, readers: 1 }); // the first of everything is slower
  if (words.plant) await plant(bench, words.number('fastSeconds'));
  script.text = pacedScript({ calls, perSecond: rate });
  const steady = await measureLatency(bench, { calls, readers });
  print(`steady: p99 ${round(quantile(steady.latencies, 0.99))} ms`);
  const killedCalls = Math.round(rate * words.number('killedSeconds'));
  script.text = pacedScript({ calls: killedCalls, perSecond: rate });
  const killed = await measureKilled(bench, { calls: killedCalls, readers });
  print(`api killed: live again after ${round(quantile(killed.caughtUp, 1))} ms`);
  const fastCalls = Math.round(words.number('fast') * FAST_MARGIN * words.number('fastSeconds'));
  script.text = fastScript({ calls: fastCalls, perSecond: words.number('fast') * FAST_MARGIN });
  const fast = await measureThroughput(bench, fastCalls);
  return { steady, killed, fast };
}

/** Every batch of points is stored late: so late that the fast script cannot be kept up with either. */
function plant({ database }: BenchPlatform, fastSeconds: number): Promise<void> {
  const seconds = Math.max(2, 0.15 * fastSeconds);
  return plantDelay(database, { table: 'metrics', when: 'insert', each: 'statement', seconds });
}

function barsOf({ steady, killed, fast }: Samples, words: ReturnType<typeof benchArguments>): Bar[] {
  const faults = [steady, killed].reduce((sum, { lost, doubled, gaps }) => sum + lost + doubled + gaps, 0);
  return [
    { name: 'log() to reader p99', value: quantile(steady.latencies, 0.99), bar: LATENCY_MS, unit: 'ms' },
    {
      name: 'points lost, doubled or out of order',
      value: faults + fast.lost + fast.doubled,
      bar: 0,
      unit: 'points',
    },
    {
      name: 'caught up after the api was killed',
      value: quantile(killed.caughtUp, 1) / 1000,
      bar: CATCH_UP_SECONDS,
      unit: 's',
    },
    {
      name: 'points stored a second',
      value: fast.perSecond,
      bar: words.number('fast'),
      unit: 'points/s',
      least: true,
    },
  ];
}

function figuresOf({ steady, killed, fast }: Samples): Record<string, number> {
  return {
    'log() to reader p50, ms': quantile(steady.latencies, 0.5),
    'log() to reader p90, ms': quantile(steady.latencies, 0.9),
    'log() to reader most, ms': quantile(steady.latencies, 1),
    'points received': steady.latencies.length,
    'api killed: first event again, ms': killed.back,
    'api killed: live again p50, ms': quantile(killed.caughtUp, 0.5),
    'points stored': fast.stored,
    'last point stored after its call, s': fast.behind,
  };
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { seconds: 30, killedSeconds: 30, rate: 200, readers: 50, fast: 50_000, fastSeconds: 20 },
    // points are still logged when the api is back, also on a machine that does much else
    smoke: { seconds: 1, killedSeconds: 15, rate: 50, readers: 3, fast: 1_000, fastSeconds: 1 },
  });
  const before = machineState();
  const script = { text: '' };
  const bench = await startBenchPlatform({ eda: [() => [code('log', script.text)]] });
  const samples = await measure(bench, script, words).finally(() => bench.stop());
  for (const { output } of Object.values(samples)) print(output.trim().split('\n').at(-1) ?? '');
  return finishReport(
    {
      bench: 'events',
      figures: figuresOf(samples),
      bars: barsOf(samples, words),
      samples,
      notMeasured: NOT_MEASURED,
      plant: words.plant
        ? {
            what: 'every batch of points is stored late',
            breaks: ['log() to reader p99', 'points stored a second'],
          }
        : null,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = await main();
