/** What has an owner and a scope: private rows are their owner's and an admin's, shared ones everybody may read. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassificationSettingsSchema } from '../../core/classification/settings.ts';
import { newId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Database } from '../database.ts';
import { startTestPostgres, type TestPostgres } from '../testing/postgres.ts';
import { ADMIN, USER_A, USER_B } from '../testing/rows.ts';
import * as db from './index.ts';

let postgres: TestPostgres;
let database: Database;
const [runId, sharedRun] = [newId(), newId()];
const PRIVATE = 'of-a';
const SHARED = 'of-all';

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = postgres.open();
  await addRows(PRIVATE, 'private', runId);
  await addRows(SHARED, 'shared', sharedRun);
}, 60_000);
afterAll(() => postgres?.stop());

/** A vocabulary, a source, a run with one column and its review, and a dataset of USER_A's. */
async function addRows(id: string, scope: 'private' | 'shared', run: string): Promise<void> {
  const settings = ClassificationSettingsSchema.parse({});
  const key = { database: 'd', table_name: 't', column_name: 'c' };
  await database.transaction(async (tx) => {
    const vocabulary = { id, scope, name: id, form: 'tree' as const, terms: 1, leaves: 1, findings: [] };
    await db.putVocabulary(tx, USER_A, { vocabulary, text: `code,label\nA,${id}\n` });
    await db.insertDataSource(tx, USER_A, {
      ...{ id, scope, source_type: 'files', source_uri: 'x', display_name: id, vocabulary_mode: 'tree' },
      ...{ vocabulary_id: id, connection: null, files: [] },
    });
    await db.insertRun(tx, USER_A, {
      id: run,
      scope,
      source_id: id,
      settings,
      vocabulary: { id, name: id, sha256: id },
    });
    await db.insertTables(tx, run, { first: 0, tables: [{ database: 'd', table: 't', reference: {} }] });
    await db.saveSample(tx, run, {
      position: 0,
      sampled: {
        columns: [
          {
            ...{ name: 'c', type: '', position: 0, total_count: 1, null_count: 0, distinct_count: 1 },
            ...{ reservoir: ['v'], reference_code: null },
          },
        ],
        left_out: [],
      },
    });
    await db.insertReviews(tx, USER_A, [
      {
        ...key,
        id: newId(),
        source_id: id,
        run_id: run,
        decision: 'none',
        code: null,
        suggested_code: null,
        note: '',
      },
    ]);
    await db.registerDataset(tx, USER_A.id, {
      ...{ id: run, scope, name: id, source_id: id, parquet_path: id, size: 1, sha256: id, summary: {} },
    });
  });
}

type Asked = (principal: Principal, id: string, run: string) => Promise<unknown>;
const some = <T>(list: readonly T[] | undefined, holds: (each: T) => boolean): T | null =>
  list?.find(holds) ?? null;

const READ: Record<string, Asked> = {
  getVocabulary: (who, id) => db.getVocabulary(database, who, id),
  listVocabularies: async (who, id) =>
    some(await db.listVocabularies(database, who), (each) => each.id === id),
  getDataSource: (who, id) => db.getDataSource(database, who, id),
  listDataSources: async (who, id) => some(await db.listDataSources(database, who), (each) => each.id === id),
  getRun: (who, _id, run) => db.getRun(database, who, run),
  lastRun: (who, id) => db.lastRun(database, who, { source_id: id }),
  listRuns: async (who, id) =>
    some((await db.listRuns(database, who, { source_id: id, limit: 9 })).items, () => true),
  getColumn: (who, _id, run) =>
    db.getColumn(database, who, { run_id: run, table_position: 0, column_position: 0 }),
  listResults: (who, _id, run) => db.listResults(database, who, { run_id: run, limit: 9 }),
  listReviews: async (who, id) =>
    some((await db.listReviews(database, who, { source_id: id, limit: 9 })).items, () => true),
  getClassifiedDataset: (who, _id, run) => db.getClassifiedDataset(database, who, run),
  listClassifiedDatasets: async (who, id) =>
    some(await db.listClassifiedDatasets(database, who, id), () => true),
};

test.each(Object.entries(READ))(
  '%s: a private row is its owner’s and an admin’s, a shared one everybody’s',
  async (_, asked) => {
    expect(await asked(USER_A, PRIVATE, runId)).not.toBeNull();
    expect(await asked(ADMIN, PRIVATE, runId)).not.toBeNull();
    expect(await asked(USER_B, PRIVATE, runId)).toBeNull();
    expect(await asked({ id: 'b', role: 'readonly' }, PRIVATE, runId)).toBeNull();
    expect(await asked(USER_B, SHARED, sharedRun)).not.toBeNull();
  },
);

test('what is shared is changed by its owner alone', async () => {
  await database.transaction(async (tx) => {
    expect(await db.activateDataset(tx, USER_B, sharedRun)).toBeNull();
    expect(await db.deleteVocabulary(tx, USER_B, SHARED)).toBe(false);
    expect(await db.deleteDataSource(tx, USER_B, SHARED)).toBe(false);
    const vocabulary = { ...VOCABULARY, id: SHARED, scope: 'shared' as const };
    expect(await db.putVocabulary(tx, USER_B, { vocabulary, text: 'code,label\nB,b\n' })).toBeNull();
    expect(await db.activateDataset(tx, USER_A, sharedRun)).not.toBeNull();
  });
});

const VOCABULARY = { name: 'x', form: 'tree' as const, terms: 1, leaves: 1, findings: [] };

/** Whose rights their callers, or the test of connections, hold: they write what is the caller's own. */
const OTHERS = [
  ...['insertDataSource', 'insertRun', 'insertReviews', 'undoReviews', 'putVocabulary'],
  ...['insertAttachmentChange', 'undoAttachmentChanges'],
  ...['activateDataset', 'deleteVocabulary', 'deleteDataSource'],
  ...['getConnection', 'listConnections', 'insertConnection', 'deleteConnection'],
];
/** The head of an exported function, up to its result's type. */
const EXPORTED = /^export (?:(?:async )?function (\w+)|const (\w+) = (?:async )?\()[\s\S]*?\)\s*:/gm;

test('every function of these tables that is told a principal is tried here, or named as another’s to hold', () => {
  const folder = join('db', 'classification');
  const files = readdirSync(folder).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const declared = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(EXPORTED)]
      .filter(([signature]) => signature.includes('principal: Principal'))
      .map(([, named, arrow]) => named ?? arrow ?? ''),
  );
  expect(new Set([...Object.keys(READ), ...OTHERS])).toEqual(new Set(declared));
});
