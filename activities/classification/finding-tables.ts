/** A run's vocabulary is read, its tables found and their columns sampled. */

import { TemperaError } from '../../core/errors.ts';
import type { OpenedSource } from '../../core/ports/column-sources.ts';
import { failSample, insertTables, lastTable, type RunTable, runTables, saveSample } from '../../db/index.ts';
import type { Discovered, RunKey, RunSums, Window } from '../../workflows/contract/classification.ts';
import { whileHeartbeating } from '../heartbeat.ts';
import { orGivenUp } from './given-up.ts';
import { openedSource, openRun, sourceOf, vocabularyOf } from './open-run.ts';
import type { ClassificationPorts } from './ports.ts';

const TABLES_OF_A_PAGE = 200;
/** Tables beyond so many are not looked at. */
const MOST_TABLES = 100_000;

export function createFindingTables(ports: ClassificationPorts) {
  const { database, classifier, columnSources } = ports;
  return {
    /** @throws TemperaError INVALID_INPUT when it cannot be used */
    async loadVocabulary(key: RunKey): Promise<{ terms: number; findings: string[] }> {
      const vocabulary = await vocabularyOf(ports, await openRun(ports, key));
      const { terms, findings } = await whileHeartbeating((signal) =>
        classifier.describe({ vocabulary }, signal),
      );
      return { terms, findings };
    },

    /** The next page of tables, written behind those that were found before. */
    async discoverTables({ runId }: RunKey): Promise<Discovered> {
      const source = openedSource(await sourceOf(ports, await openRun(ports, { runId })));
      const last = await lastTable(database, runId);
      const first = last === null ? 0 : last.position + 1;
      const limit = Math.min(TABLES_OF_A_PAGE, MOST_TABLES - first);
      if (limit <= 0) return { tables: first, isEnd: true };
      const tables = await whileHeartbeating((signal) =>
        orGivenUp(signal, columnSources.tables(source, { after: last, limit })),
      );
      await database.transaction((tx) => insertTables(tx, runId, { first, tables }));
      return { tables: first + tables.length, isEnd: tables.length < limit };
    },

    /** A table that cannot be read fails by itself, with its reason; an outage is waited for. */
    async sampleTables({
      runId,
      ...window
    }: Window): Promise<Pick<RunSums, 'tables' | 'columns' | 'failed'>> {
      const run = await openRun(ports, { runId });
      const source = openedSource(await sourceOf(ports, run));
      await whileHeartbeating(async (signal) => {
        for (const table of await runTables(database, runId, window)) {
          signal.throwIfAborted();
          if (table.columns === null)
            await sampleTable(ports, { runId, source, table, size: run.settings.sample_size, signal });
        }
      });
      const tables = await runTables(database, runId, window);
      return {
        tables: tables.length,
        columns: tables.reduce((sum, { columns }) => sum + (columns ?? 0), 0),
        failed: tables.filter(({ error }) => error !== null).length,
      };
    },
  };
}

interface Sampling extends RunKey {
  source: OpenedSource;
  table: RunTable;
  size: number;
  signal: AbortSignal;
}

async function sampleTable(
  { database, columnSources }: ClassificationPorts,
  { runId, source, table, size, signal }: Sampling,
): Promise<void> {
  const { position } = table;
  try {
    const sampled = await orGivenUp(signal, columnSources.sample(source, table, size));
    await database.transaction((tx) => saveSample(tx, runId, { position, sampled }));
  } catch (error) {
    if (!(error instanceof TemperaError) || error.kind.retry !== 'never' || error.code === 'CANCELLED')
      throw error;
    await database.transaction((tx) => failSample(tx, runId, { position, error: error.message }));
  }
}
