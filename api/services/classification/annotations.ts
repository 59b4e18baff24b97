/**
 * Vocabularies that stand in connected databases: each becomes a vocabulary of the platform and a data source, which
 * classifies its database by it. They are the platform's own, so an admin's to see, and follow the table at each start.
 */

import { TemperaError } from '../../../core/errors.ts';
import { derivedId, sha256 } from '../../../core/ids.ts';
import type { Connections } from '../../../core/ports/connections.ts';
import { getVocabulary, insertDataSource, openConnections, putVocabulary } from '../../../db/index.ts';
import { type AnnotationTable, findAnnotationTables, readAnnotationTable } from '../../../sources/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { atStart, type ReportPart, SYSTEM, type Tell } from './at-start.ts';

type Parts = Pick<ApiDependencies, 'db' | 'classifier' | 'connections' | 'startProblems'>;

/** Looks into the connections of the settings; ends when what can be registered is, or with the signal. */
export async function registerAnnotations(
  dependencies: Parts,
  signal: AbortSignal,
  tell: Tell = () => undefined,
): Promise<void> {
  const { db, connections, startProblems: problems } = dependencies;
  const names = connections.configured.map(({ name }) => name);
  if (names.length === 0) return;
  const opened = openConnections(db, connections);
  const task = { signal, tell, problems };
  await atStart('registering the vocabularies of connected databases', task, async (report) => {
    const found = await findAnnotationTables(opened, names);
    for (const problem of found.problems) {
      tell({ what: 'connection', ...problem });
      report(`looking for vocabularies in the connection ${problem.connection}`, problem.message);
    }
    for (const table of found.tables) await registerTable(dependencies, { opened, table, tell, report });
  });
}

interface Registering {
  opened: Connections;
  table: AnnotationTable;
  tell: Tell;
  report: ReportPart;
}

/** One that cannot be used is told of, and keeps the others from nothing. */
async function registerTable(
  { db, classifier }: Parts,
  { opened, table, tell, report }: Registering,
): Promise<void> {
  const { connection, database, table: name, form } = table;
  const display_name = `${connection}: ${database}.${name}`.slice(0, 200);
  try {
    const text = await readAnnotationTable(opened, table);
    const id = derivedId('annotations', connection, database, name);
    const known = await getVocabulary(db, SYSTEM, id);
    if (known?.sha256 !== sha256(text)) {
      const described = await classifier.describe({ vocabulary: { sha256: sha256(text), text } });
      const vocabulary = { id, name: display_name, scope: 'private' as const, ...described };
      await db.transaction((tx) => putVocabulary(tx, SYSTEM, { vocabulary, text }));
    }
    await db.transaction((tx) =>
      insertDataSource(tx, SYSTEM, {
        ...{ id, scope: 'private', source_type: 'postgres', source_uri: `connection:${connection}` },
        ...{ display_name, connection, files: [], vocabulary_mode: form, vocabulary_id: id },
      }),
    );
  } catch (error) {
    if (!(error instanceof TemperaError) || error.kind.retry !== 'never') throw error;
    tell({ what: 'vocabulary', name: display_name, message: error.message });
    report(`registering the vocabulary ${display_name}`, error.message);
  }
}
