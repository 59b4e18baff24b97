/**
 * The web UI in a Chromium without a window, over a platform that has worked for long. `--runs 5` visits of each page,
 * `--charts 20` clicks on charts and on the decisions of 5,000 columns, `--scrolls 3` of `--seconds 20`,
 * `--live 20` points; `--events 2000`, `--messages 10000`, `--points 1000000`, `--rows 1000000`, `--sessions 1000`;
 * `--plant`, `--smoke`.
 */

import { join } from 'node:path';
import { benchArguments } from '../arguments.ts';
import { plantDelay } from '../platform.ts';
import { type Bar, finishReport, machineState, median, print, quantile, round } from '../report.ts';
import { type BenchBrowser, startBrowser } from './browser.ts';
import { type DecisionTimes, measureDecisions } from './decisions.ts';
import {
  comparison,
  GALLERY,
  measureScripts,
  measureVisits,
  REPORT,
  type Scripts,
  STUDIO,
  type VisitTime,
} from './loading.ts';
import { type ChartTimes, measureCharts, measureLive, measureScroll } from './moving.ts';
import { type Filled, startFilled } from './platform.ts';
import { startSlowNetwork } from './slow-network.ts';

const NOT_MEASURED = [
  'a phone, a screen with a graphics card, a network but for the studio afar: browser, api and ' +
    'database are on one machine and share its processors.',
  'frames as a screen shows them: they are counted where the page draws, at most 60 a second.',
  'several windows at once, and pages while a session works (but for the live points).',
  'sorting and filtering of the million rows: their time is the query’s, in the sandbox.',
];
const DEFAULTS = {
  ...{ runs: 5, charts: 20, scrolls: 3, seconds: 20, live: 20 },
  ...{ events: 2_000, messages: 10_000, points: 1_000_000, rows: 1_000_000, sessions: 1_000 },
};
const SMOKE = {
  ...{ runs: 1, charts: 1, scrolls: 1, seconds: 1, live: 2 },
  ...{ events: 100, messages: 100, points: 2_000, rows: 2_000, sessions: 12 },
};
/** A poor mobile network, as browsers' own tools have it. */
const AFAR = { bitsPerSecond: 400_000, latencyMs: 400 };
const PLANTED = 'every frame 300 ms, every request 400 ms later, 1 MB more script, metrics stored 0.5 s late';

interface Samples {
  browser: string;
  scripts: Scripts;
  first: VisitTime[];
  studio: VisitTime[];
  /** The studio over a poor mobile network. */
  afar: VisitTime[];
  compare: VisitTime[];
  /** Milliseconds of each frame of each run. */
  messages: number[][];
  rows: number[][];
  charts: ChartTimes[];
  decisions: DecisionTimes[];
  live: number[];
}

async function measure(
  filled: Filled,
  browser: BenchBrowser,
  words: ReturnType<typeof benchArguments>,
): Promise<Samples> {
  const runs = words.number('runs');
  const visits = async (what: string, path: string, sights: typeof GALLERY): Promise<VisitTime[]> => {
    const times = await measureVisits(browser, path, { sights, runs });
    print(`${what}: median ${round(drawn(times))} ms, ${round(processor(times))} ms of them processor time`);
    return times;
  };
  // the first of everything is slower: the browser's own start, the api's first plans
  await measureVisits(browser, '/', { sights: GALLERY, runs: 1 });
  const scripts = await measureScripts(browser);
  const first = await visits('first load', '/', GALLERY);
  const studio = await visits('studio', `/sessions/${filled.events}`, STUDIO);
  const afar = await measureAfar(filled, words);
  print(`studio afar: median ${round(drawn(afar))} ms`);
  const { compared } = filled;
  const compare = await visits(
    'compare',
    `/compare?sessions=${compared.join(',')}`,
    comparison(compared.length),
  );
  const charts = await measureCharts(browser, filled.points, words.number('charts'));
  print(`chart: median ${round(median(charts.map(({ fromClick }) => fromClick)))} ms from the click`);
  const decisions = await measureDecisions(browser, filled.decided, words.number('charts'));
  print(`decisions: median ${round(median(decisions.map(({ fromClick }) => fromClick)))} ms from the click`);
  const live = await measureLive(filled.bench, browser, words.number('live'));
  print(`live points: median ${round(median(live))} ms`);
  const scroll = { runs: words.number('scrolls'), seconds: words.number('seconds') };
  const messages = await measureScroll(browser, `/sessions/${filled.messages}`, {
    ...{ ...scroll, box: '[role=log]', sights: STUDIO.slice(0, 1) },
  });
  print(`messages: p99 ${round(medianOf(messages, 0.99))} ms a frame`);
  const rows = await measureScroll(browser, `/sessions/${filled.rows}/data`, {
    ...{ ...scroll, box: '[role=table]', sights: [{ selector: '[role=table] [role=cell]', text: 'region' }] },
  });
  print(`rows: p99 ${round(medianOf(rows, 0.99))} ms a frame`);
  return {
    ...{ browser: browser.version, scripts, first, studio, afar, compare },
    ...{ messages, rows, charts, decisions, live },
  };
}

/** The studio's visits by a browser whose every connection is slow. */
async function measureAfar(
  { bench, events }: Filled,
  words: ReturnType<typeof benchArguments>,
): Promise<VisitTime[]> {
  const { url } = bench.platform.rest;
  const network = await startSlowNetwork(Number(new URL(url).port), AFAR);
  const browser = await startBrowser(url, { plant: words.plant, through: network.port });
  const runs = { sights: REPORT, runs: Math.min(3, words.number('runs')) };
  return await measureVisits(browser, `/sessions/${events}`, runs).finally(async () => {
    await browser.close();
    network.close();
  });
}

/** Each run's quantile, and of these the median. */
const medianOf = (runs: number[][], share: number): number => median(runs.map((run) => quantile(run, share)));

const drawn = (visits: VisitTime[]): number => median(visits.map((visit) => visit.drawn));
const processor = (visits: VisitTime[]): number => median(visits.map((visit) => visit.processor));
const slowest = (visits: VisitTime[]): number => Math.max(...visits.map((visit) => visit.drawn));

function barsOf(samples: Samples): Bar[] {
  const { scripts, first, studio, afar, compare, messages, rows, charts, decisions, live } = samples;
  const unit = 'ms';
  return [
    { name: 'script before a route is chosen, gzip', value: scripts.gzip, bar: 250, unit: 'kB' },
    { name: 'first load, interactive', value: drawn(first), bar: 1_000, unit },
    { name: 'studio', value: drawn(studio), bar: 1_500, unit },
    { name: 'report of the studio at 400 kbit/s and 400 ms', value: drawn(afar), bar: 8_000, unit },
    { name: 'scroll of messages, frame p99', value: medianOf(messages, 0.99), bar: 50, unit },
    { name: 'scroll of messages, frame p99.9', value: medianOf(messages, 0.999), bar: 250, unit },
    { name: 'scroll of rows, frame p99', value: medianOf(rows, 0.99), bar: 50, unit },
    { name: 'scroll of rows, frame p99.9', value: medianOf(rows, 0.999), bar: 250, unit },
    { name: 'chart from its data', value: median(charts.map(({ fromData }) => fromData)), bar: 150, unit },
    {
      name: 'chart from the click, p95',
      value: quantile(
        charts.map(({ fromClick }) => fromClick),
        0.95,
      ),
      bar: 400,
      unit,
    },
    {
      name: 'decisions of 5,000 columns from the click',
      value: median(decisions.map(({ fromClick }) => fromClick)),
      bar: 500,
      unit,
    },
    {
      name: 'a changed decision until it shows',
      value: median(decisions.map(({ echo }) => echo)),
      bar: 300,
      unit,
    },
    { name: 'first live point after log()', value: median(live), bar: 300, unit },
    { name: 'compare', value: drawn(compare), bar: 1_500, unit },
  ];
}

function figuresOf({ scripts, first, studio, compare, messages, rows, charts, live }: Samples) {
  const clicks = charts.map(({ fromClick }) => fromClick);
  const data = charts.map(({ fromData }) => fromData);
  return {
    'script before a route is chosen, as sent, kB': scripts.sent,
    'script before a route is chosen, files': scripts.files,
    'first load slowest, ms': slowest(first),
    'first load, processor time of the page, ms': processor(first),
    'studio slowest, ms': slowest(studio),
    'studio, processor time of the page, ms': processor(studio),
    'compare slowest, ms': slowest(compare),
    'compare, processor time of the page, ms': processor(compare),
    'frame p50 of messages, ms': medianOf(messages, 0.5),
    'frame p50 of rows, ms': medianOf(rows, 0.5),
    'frames of messages': messages.flat().length,
    'frames of rows': rows.flat().length,
    'chart from the click p50, ms': median(clicks),
    'chart from its data p95, ms': quantile(data, 0.95),
    'live point p95, ms': quantile(live, 0.95),
    'live point slowest, ms': Math.max(...live),
  };
}

async function main(): Promise<number> {
  const words = benchArguments(process.argv.slice(2), { defaults: DEFAULTS, smoke: SMOKE });
  const before = machineState();
  const size = (name: 'events' | 'messages' | 'points' | 'rows' | 'sessions' | 'live') => words.number(name);
  const filled = await startFilled({
    ...{ events: size('events'), messages: size('messages'), points: size('points') },
    ...{ rows: size('rows'), sessions: size('sessions'), live: size('live') },
  });
  const samples = await measureAll(filled, words).finally(() => filled.bench.stop());
  const bars = barsOf(samples);
  const plant = words.plant ? { what: PLANTED, breaks: bars.map(({ name }) => name) } : null;
  return finishReport(
    {
      bench: 'ui',
      figures: figuresOf(samples),
      bars,
      samples,
      notMeasured: NOT_MEASURED,
      plant,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

async function measureAll(filled: Filled, words: ReturnType<typeof benchArguments>): Promise<Samples> {
  const { plant } = words;
  if (plant) {
    const delay = { table: 'metrics', when: 'insert', each: 'statement', seconds: 0.5 } as const;
    await plantDelay(filled.bench.database, delay);
  }
  const browser = await startBrowser(filled.bench.platform.rest.url, { plant });
  return await measure(filled, browser, words).finally(() => browser.close());
}

process.exitCode = await main();
