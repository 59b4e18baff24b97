/**
 * A whole warehouse classified: so many columns from the first table to the parquet file, by the real workflow over
 * real servers. `--columns 100000`, 50 a table; `--plant` makes each table's source slow; `--smoke`.
 */

import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { listClassifiedDatasets } from '../../db/index.ts';
import { type FixedTable, fixedSources } from '../../tests/classification/fixed-tables.ts';
import { OWNER, startClassifying } from '../../tests/classification/running.ts';
import { benchArguments } from '../arguments.ts';
import { finishReport, machineState, print, printTable, round } from '../report.ts';

const NOT_MEASURED = [
  'reading of a real source: tables are made here, so that what is measured is the platform’s own.',
  'the classifier’s thread: it computes in this process, beside two workers.',
  'a model, and members that learn.',
];
const COLUMNS_OF_A_TABLE = 50;
const VALUES = 50;
const BAR_SECONDS = 300;
/** With the plant each table is waited for; eight of two windows come one after the other. */
const PLANTED_MS = 400;
const NAMES = [
  ...['customer_id', 'email', 'first_name', 'last_name', 'city'],
  ...['country', 'phone', 'created_at', 'amount', 'q'],
];

function tableOf(at: number, columns: number): FixedTable {
  const entries = Array.from({ length: columns }, (_, column) => {
    const name = NAMES[column % NAMES.length] ?? 'q';
    const values = Array.from(
      { length: VALUES },
      (_value, row) => `${name}${(row * 7 + column) % 97}@t${at}.example`,
    );
    return [`${name}_${column}`, values] as const;
  });
  return { table: `table_${String(at).padStart(6, '0')}`, columns: Object.fromEntries(entries) };
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function main(): Promise<number> {
  // what the workers tell stands between no figures
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const words = benchArguments(process.argv.slice(2), {
    defaults: { columns: 100_000 },
    smoke: { columns: 500 },
  });
  const columns = words.number('columns');
  const before = machineState();
  const running = await startClassifying();
  const tables = Array.from({ length: Math.ceil(columns / COLUMNS_OF_A_TABLE) }, (_, at) =>
    tableOf(at, Math.min(COLUMNS_OF_A_TABLE, columns - at * COLUMNS_OF_A_TABLE)),
  );
  try {
    await running.work(fixedSources(tables, words.plant ? () => pause(PLANTED_MS) : undefined));
    const source = await running.addSource();
    const began = performance.now();
    const { id } = await running.start(source);
    const { progress, error } = await running.end(id);
    const seconds = (performance.now() - began) / 1_000;
    if (error !== null) throw new Error(error.message);
    const [dataset] = await listClassifiedDatasets(running.api.db, OWNER, source);
    const fused = progress.columns_fused ?? 0;
    const mebibytes = (dataset?.size ?? 0) / 2 ** 20;
    printTable([
      ['columns', 'seconds', 'columns a second', 'parquet, MiB'],
      [String(fused), String(round(seconds)), String(Math.round(fused / seconds)), String(round(mebibytes))],
    ]);
    print('');
    return finishReport(
      {
        bench: 'warehouse',
        figures: {
          columns: fused,
          'columns a second': Math.round(fused / seconds),
          'parquet, MiB': round(mebibytes),
        },
        bars: [
          { name: 'from the first table to the file', value: seconds, bar: BAR_SECONDS, unit: 's' },
          { name: 'columns without a result', value: columns - fused, bar: 0, unit: '' },
        ],
        samples: { seconds, progress },
        notMeasured: NOT_MEASURED,
        plant: words.plant
          ? { what: `${PLANTED_MS} ms before each table`, breaks: ['from the first table to the file'] }
          : null,
        smoke: words.smoke ? { without: [] } : null,
      },
      before,
      join('build', 'bench'),
    );
  } finally {
    await running.close();
  }
}

process.exitCode = await main();
