/** What every source says of a run's columns, and what is decided by it. */

import type { Reference, Reviewed, TableToClassify } from '../../classification/runs/requests.ts';
import type { ClassificationRun, ColumnKey } from '../../core/classification/records.ts';
import {
  columnsCalled,
  type ReferencedColumn,
  type RunColumn,
  reviewsInForce,
  runColumns,
  saveEvidence,
  saveResults,
} from '../../db/index.ts';
import type { RunSums, Window } from '../../workflows/contract/classification.ts';
import { whileHeartbeating } from '../heartbeat.ts';
import { openRun, vocabularyOf } from './open-run.ts';
import type { ClassificationPorts } from './ports.ts';

export function createClassifying(ports: ClassificationPorts) {
  const { database, classifier } = ports;
  return {
    /** @returns how many columns there were */
    async classifyTables({ runId, ...window }: Window): Promise<number> {
      const vocabulary = await vocabularyOf(ports, await openRun(ports, { runId }));
      const columns = await runColumns(database, runId, window);
      const tables = grouped(columns);
      const partners = await partnersOf(ports, runId, columns);
      const evidence = await whileHeartbeating((signal) =>
        classifier.evidence({ vocabulary, tables: tables.map((each) => toClassify(each, partners)) }, signal),
      );
      const rows = tables.flatMap((table, at) =>
        table.flatMap(({ table_position, column_position }, place) => {
          const found = evidence[at]?.[place];
          return found === undefined ? [] : [{ table_position, column_position, evidence: found }];
        }),
      );
      await database.transaction((tx) => saveEvidence(tx, runId, rows));
      return rows.length;
    },

    async fuseTables({ runId, ...window }: Window): Promise<RunSums> {
      const run = await openRun(ports, { runId });
      const vocabulary = await vocabularyOf(ports, run);
      const reviews = await reviewsOf(ports, run);
      const columns = (await runColumns(database, runId, window)).flatMap(({ evidence, ...column }) =>
        evidence === null ? [] : [{ ...column, evidence }],
      );
      const results = await whileHeartbeating((signal) => {
        const { settings } = run;
        const asked = columns.map((column) => ({
          ...{ evidence: column.evidence, llm: column.llm, learned: column.learned ?? [] },
          reviewed: reviews.get(keyOf(column)) ?? null,
        }));
        return classifier.decide({ vocabulary, settings, columns: asked }, signal);
      });
      const rows = results.flatMap((result, at) => {
        const place = columns[at];
        return place === undefined
          ? []
          : [{ table_position: place.table_position, column_position: place.column_position, result }];
      });
      await database.transaction((tx) => saveResults(tx, runId, rows));
      return {
        ...{ tables: 0, failed: 0, labelled: 0, columns: results.length },
        belief: sum(results.map(({ belief }) => belief)),
        gap: sum(results.map(({ gap }) => gap)),
        conflict: sum(results.map(({ conflict }) => conflict)),
        unclear: results.filter(({ needs_review }) => needs_review).length,
        answered: results.filter(({ predicted_code }) => predicted_code !== null).length,
        revisit: results.filter(({ revisit }) => revisit !== null).length,
      };
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function grouped(columns: readonly RunColumn[]): RunColumn[][] {
  const tables = new Map<number, RunColumn[]>();
  for (const column of columns) {
    const known = tables.get(column.table_position);
    if (known) known.push(column);
    else tables.set(column.table_position, [column]);
  }
  return [...tables.values()];
}

const toClassify = (columns: readonly RunColumn[], partners: Partners): TableToClassify => ({
  table: columns[0]?.table_name ?? '',
  columns: columns.map((column) => ({
    ...{ name: column.column_name, type: column.type, reservoir: column.sample.reservoir },
    references: partners(column),
  })),
});

/** What a column refers to, with a sample of it where the run has one. */
type Partners = (column: RunColumn) => Reference | undefined;

/** A source tells of a partner's table by its name alone: one in the same database comes first. */
async function partnersOf(
  { database: q }: ClassificationPorts,
  runId: string,
  columns: readonly RunColumn[],
): Promise<Partners> {
  const named = columns.flatMap(({ sample }) => sample.references ?? []);
  const found = named.length === 0 ? [] : await columnsCalled(q, runId, named);
  const byName = new Map<string, ReferencedColumn[]>();
  for (const each of found) {
    const key = JSON.stringify([each.table_name, each.column_name]);
    byName.set(key, [...(byName.get(key) ?? []), each]);
  }
  return ({ database, sample: { references } }) => {
    if (references === undefined) return undefined;
    const alike = byName.get(JSON.stringify([references.table, references.column])) ?? [];
    const partner = alike.find((each) => each.database === database) ?? alike[0];
    return { ...references, ...(partner && { type: partner.type, values: partner.sample.reservoir }) };
  };
}

export const keyOf = ({ database, table_name, column_name }: ColumnKey): string =>
  JSON.stringify([database, table_name, column_name]);

/** What people have decided of the source's columns, by their keys, up to the run's beginning: as it is when asked. */
export async function reviewsOf(
  { database }: ClassificationPorts,
  run: ClassificationRun,
): Promise<Map<string, Reviewed>> {
  const rows = await reviewsInForce(database, run.source_id);
  return new Map(rows.map((row) => [keyOf(row), { decision: row.decision, code: row.code, by: row.by }]));
}
