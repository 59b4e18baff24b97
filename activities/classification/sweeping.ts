/**
 * The sweep: a model is asked about columns, table by table, in two writings each. Of a big source one column of each
 * kind is asked about, and the others of its kind take its label, believed less.
 */

import type { ColumnAnswer, LabelCall } from '../../classification/runs/requests.ts';
import type { ClassificationRun } from '../../core/classification/records.ts';
import type { ColumnPlace, StoredResult } from '../../core/classification/stored-columns.ts';
import {
  columnsToAsk,
  labelledColumns,
  type RunColumn,
  runColumns,
  saveLabels,
  saveStrata,
  spreadLabels,
  sweepSpent,
  sweepState,
} from '../../db/index.ts';
import type { RunKey, SweepRound, SweepWindow, Swept } from '../../workflows/contract/classification.ts';
import { whileHeartbeating } from '../heartbeat.ts';
import { ask, limitReached } from './asking.ts';
import { columnPages } from './column-pages.ts';
import { openRun, vocabularyOf } from './open-run.ts';
import type { ClassificationPorts } from './ports.ts';

/** Columns of a source from which on only some are asked about. */
const MANY_COLUMNS = 200;
/** How far a label is believed of a column that only is called like the one that was asked about. */
const BELIEVED_OF_ALIKE = 0.75;
/** Each column is shown in both. */
const WRITINGS = ['lines', 'records'] as const;
const MOST_HINTS = 3;

export function createSweeping(ports: ClassificationPorts) {
  const { database } = ports;
  return {
    /** Chooses the columns that are asked about. @returns how many */
    async planSweep({ runId }: RunKey): Promise<number> {
      const run = await openRun(ports, { runId });
      const total = run.progress.columns_total ?? 0;
      if (total <= MANY_COLUMNS) return total;
      return await whileHeartbeating((signal) => chooseColumns(ports, runId, signal));
    },

    /** Asks about the columns of the tables that need it in this round. */
    async sweepTables({ runId, from, to, round }: SweepWindow): Promise<Swept> {
      const run = await openRun(ports, { runId });
      const keys = await columnsToAsk(database, runId, { from, to, round });
      const columns = await runColumns(database, runId, { from, to });
      const asked = columns.filter((column) => keys.has(keyOf(column)));
      if (asked.length > 0)
        await whileHeartbeating((signal) => sweep(ports, { run, columns, asked, round, signal }));
      const { calls, cost } = await sweepSpent(database, runId);
      const labelled = await labelledColumns(database, runId, { from, to });
      return { labelled, calls, cost, limit: limitReached(run, { calls, cost }) };
    },

    /** What came of a round; columns that were not asked about take the labels of their kind. */
    async endRound({ runId, round }: RunKey & { round: number }): Promise<SweepRound> {
      return await whileHeartbeating(async () => {
        await database.transaction((tx) => spreadLabels(tx, runId, BELIEVED_OF_ALIKE));
        return await sweepState(database, runId, round);
      });
    },
  };
}

const keyOf = ({ table_position, column_position }: ColumnPlace): string =>
  `${table_position}.${column_position}`;

async function chooseColumns(
  ports: ClassificationPorts,
  runId: string,
  signal: AbortSignal,
): Promise<number> {
  const seen = new Set<string>();
  for await (const rows of columnPages(ports, runId, signal)) {
    const columns = rows.map(({ column_name, type }) => ({ name: column_name, type }));
    const strata = await ports.classifier.strata({ columns }, signal);
    const saved = rows.map(({ table_position, column_position }, at) => {
      const stratum = strata[at] ?? '';
      const asked = !seen.has(stratum);
      seen.add(stratum);
      return { table_position, column_position, stratum, asked };
    });
    await ports.database.transaction((tx) => saveStrata(tx, runId, saved));
  }
  return seen.size;
}

interface Sweep {
  run: ClassificationRun;
  /** All of the tables. */
  columns: readonly RunColumn[];
  asked: readonly RunColumn[];
  round: number;
  signal: AbortSignal;
}

async function sweep(
  ports: ClassificationPorts,
  { run, columns, asked, round, signal }: Sweep,
): Promise<void> {
  const { classifier, database } = ports;
  const vocabulary = await vocabularyOf(ports, run);
  const toAsk = asked.map((column) => ({
    ...{ key: keyOf(column), table: column.table_name, name: column.column_name, type: column.type },
    ...{
      reservoir: run.settings.share_values ? column.sample.reservoir : [],
      siblings: siblingsOf(column, columns),
      hints: hintsOf(column.result),
    },
  }));
  const answers = new Map<string, (ColumnAnswer | null)[]>(toAsk.map(({ key }) => [key, []]));
  for (const writing of WRITINGS) {
    const calls: LabelCall[] = await classifier.labelCalls({ vocabulary, columns: toAsk, writing }, signal);
    for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
      const request = await classifier.labelRequest({ vocabulary, call }, signal);
      const answer = await ask(ports, { run, request, signal });
      if (answer === null) break;
      const { labels, next } = await classifier.settle({ vocabulary, call, answer }, signal);
      for (const [key, label] of labels) answers.get(key)?.push(label);
      calls.unshift(...next);
    }
  }
  const labelled = asked.filter((column) => (answers.get(keyOf(column)) ?? []).length > 0);
  const lists = labelled.map((column) => answers.get(keyOf(column)) ?? []);
  const labels = await classifier.agreed({ vocabulary, answers: lists, round }, signal);
  const rows = labelled.flatMap(({ table_position, column_position }, at) => {
    const llm = labels[at];
    return llm === undefined ? [] : [{ table_position, column_position, llm }];
  });
  await database.transaction((tx) => saveLabels(tx, run.id, rows));
}

const siblingsOf = (column: RunColumn, columns: readonly RunColumn[]): string[] =>
  columns
    .filter((other) => other.table_position === column.table_position && other !== column)
    .map(({ column_name }) => column_name);

/** Single terms that all sources together hold most likely. */
const hintsOf = (result: StoredResult | null): string[] =>
  Object.entries(result?.fused ?? {})
    .filter(([code]) => code !== '' && !code.startsWith('['))
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_HINTS)
    .map(([code]) => code);
