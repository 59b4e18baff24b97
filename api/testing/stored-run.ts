/** A run of a classification that has ended, as rows, for tests of what reads them. */

import { bundledText, readKnowledge } from '../../classification/knowledge.ts';
import { createRunWork } from '../../classification/runs/run-work.ts';
import { classificationStream } from '../../core/classification/names.ts';
import {
  BUNDLED_VOCABULARY,
  type ClassificationRun,
  SAMPLE_SOURCE,
} from '../../core/classification/records.ts';
import { ClassificationSettingsSchema } from '../../core/classification/settings.ts';
import { newId, sha256 } from '../../core/ids.ts';
import { LOCAL, type Principal } from '../../core/principal.ts';
import * as repositories from '../../db/index.ts';
import type { TestApi } from './api-server.ts';

const FOLDER = 'classification';
const SETTINGS = ClassificationSettingsSchema.parse({});
const PLACE = { table_position: 0, column_position: 0 };

/** Of a source of its own, over one column of e-mail addresses; the bundled vocabulary and source are there too. */
export async function storeRun(
  { db }: TestApi,
  { owner = LOCAL, scope = 'shared' }: { owner?: Principal; scope?: ClassificationRun['scope'] } = {},
): Promise<{ source: string; run: string }> {
  const text = bundledText(FOLDER);
  const vocabulary = { sha256: sha256(text), text };
  const work = createRunWork(readKnowledge(FOLDER));
  const described = await work.describe({ vocabulary });
  const row = { id: BUNDLED_VOCABULARY, name: 'Tempera', scope: 'shared' as const, ...described };
  const [source, run] = [newId(), newId()];
  const column = { name: 'email', type: 'text', reservoir: ['ada@example.com'] };
  const [[evidence] = []] = await work.evidence({ vocabulary, tables: [{ table: 't', columns: [column] }] });
  if (evidence === undefined) throw new Error('A column has evidence.');
  const [result] = await work.decide({
    ...{ vocabulary, settings: SETTINGS, columns: [{ evidence, llm: null, learned: [], reviewed: null }] },
  });
  if (result === undefined) throw new Error('A column is decided.');
  await db.transaction(async (tx) => {
    await repositories.putVocabulary(tx, LOCAL, { vocabulary: row, text });
    for (const id of [SAMPLE_SOURCE, source])
      await repositories.insertDataSource(tx, id === source ? owner : LOCAL, {
        ...{
          id,
          scope: id === source ? scope : 'shared',
          source_type: 'files',
          source_uri: 'x',
          display_name: id,
          connection: null,
        },
        ...{ files: [], vocabulary_mode: 'tree', vocabulary_id: BUNDLED_VOCABULARY },
      });
    await repositories.insertRun(tx, owner, {
      ...{ id: run, scope, source_id: source, settings: SETTINGS },
      vocabulary: { id: BUNDLED_VOCABULARY, name: 'Tempera', sha256: vocabulary.sha256 },
    });
    await repositories.createStream(tx, owner, classificationStream(run));
    await repositories.insertTables(tx, run, {
      first: 0,
      tables: [{ database: '', table: 't', reference: {} }],
    });
    const counts = { total_count: 1, null_count: 0, distinct_count: 1, reference_code: null };
    const sampled = { columns: [{ ...column, ...counts, position: 0 }], left_out: [] };
    await repositories.saveSample(tx, run, { position: 0, sampled });
    await repositories.saveEvidence(tx, run, [{ ...PLACE, evidence }]);
    await repositories.saveResults(tx, run, [{ ...PLACE, result }]);
    await repositories.registerDataset(tx, owner.id, {
      ...{ id: run, scope, name: 'x', source_id: source, parquet_path: `classified/${source}/${run}` },
      ...{ size: 1, sha256: sha256('x'), summary: {} },
    });
    await repositories.changeRun(tx, { id: run, state: 'CANCELLED' });
  });
  return { source, run };
}
