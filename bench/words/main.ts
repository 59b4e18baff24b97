/**
 * How long the offline model takes over what a person wrote: messages of the greatest length that are dear to read for
 * whoever reads carelessly, against a table of the greatest width.
 */

import { join } from 'node:path';
import { readQuestion } from '../../models/autopilot/answering/question.ts';
import { readWishes } from '../../models/autopilot/reading/wishes.ts';
import { benchArguments } from '../arguments.ts';
import { finishReport, machineState, round } from '../report.ts';
import { HOSTILE_WORDS, wideTable } from './hostile-words.ts';

/** Milliseconds that one message may take: in a thread of its own, where it holds up none but its session. */
const BAR_MS = 200;

/** The least of a few readings of one text; `plant` reads it so often. */
function readingMs(read: () => void, runs: number, plant: number): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    for (let time = 0; time < plant; time += 1) read();
    return performance.now() - started;
  });
  return round(Math.min(...times));
}

function main(): number {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { columns: 8_000, runs: 3 },
    smoke: { columns: 100, runs: 1 },
  });
  const before = machineState();
  const samples = Object.entries(HOSTILE_WORDS).map(([name, text]) => {
    // a new list each time: nothing is remembered of the one before
    const columns = () => wideTable(words.number('columns'));
    const table = () => columns().map((column) => ({ name: column, kind: 'number' as const }));
    const measure = (read: () => void) => readingMs(read, words.number('runs'), words.plant ? 20 : 1);
    const wishes = measure(() => readWishes([text], columns()));
    return { name, wishes, question: measure(() => readQuestion(text, table())) };
  });
  const longest = Math.max(...samples.flatMap(({ wishes, question }) => [wishes, question]));
  return finishReport(
    {
      bench: 'words',
      figures: Object.fromEntries(
        samples.flatMap(({ name, wishes, question }) => [
          [`wishes in “${name}”, ms`, wishes],
          [`question in “${name}”, ms`, question],
        ]),
      ),
      bars: [{ name: 'longest reading of one message', value: longest, bar: BAR_MS, unit: 'ms' }],
      samples,
      notMeasured: ['How long a turn takes beside it: the thread, the rows and the request.'],
      plant: words.plant
        ? { what: 'every message is read 20 times', breaks: ['longest reading of one message'] }
        : null,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = main();
