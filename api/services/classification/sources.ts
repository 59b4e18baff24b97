/** Data sources: what is classified, and whether it can be read. */

import {
  BUNDLED_VOCABULARY,
  type ListedSource,
  SAMPLE_SOURCE,
} from '../../../core/classification/records.ts';
import { sourceOfConnection } from '../../../core/connections.ts';
import { TemperaError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import type { OpenedSource, Probe } from '../../../core/ports/column-sources.ts';
import type { Principal } from '../../../core/principal.ts';
import type { DatasetFile } from '../../../core/records.ts';
import {
  deleteDataSource,
  insertDataSource,
  lastRun,
  type Page,
  type Transaction,
  tableSizes,
  uploadUser,
  useUpload,
} from '../../../db/index.ts';
import { sourceFileKey } from '../../../storage/keys.ts';
import type { SourceBody } from '../../classification-schemas.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { requestHash } from '../../http/idempotency.ts';
import { requireConnection } from '../connections.ts';
import { type Scratch, withScratch } from '../dataset-files.ts';
import { createOnce } from '../once.ts';
import { assertRoom } from '../quotas.ts';
import { carryOutRemovals } from '../removal.ts';
import { tablesPage } from '../table-pages.ts';
import { requireUpload } from '../uploads.ts';
import { assertOwner, requireSource, requireVocabulary } from './required.ts';
import { assertFileOfType, assertOfType, assertSource } from './source-checks.ts';

/** @throws TemperaError INVALID_INPUT, FORBIDDEN, NOT_FOUND for an upload or a vocabulary that is not the caller's */
export async function createSource(
  dependencies: ApiDependencies,
  principal: Principal,
  { body, key }: { body: SourceBody; key: string | null },
): Promise<ListedSource> {
  assertSource(body, principal);
  const { db, store } = dependencies;
  const vocabulary = await requireVocabulary(
    dependencies,
    principal,
    body.vocabulary_id ?? BUNDLED_VOCABULARY,
  );
  const address = await addressOf(dependencies, principal, body);
  return await withScratch(store, async (scratch) => {
    const id = newId();
    const { source_type, upload_ids: uploads = [] } = body;
    const files = await adoptFiles(dependencies, principal, { id, scratch, source_type, uploads });
    const { display_name, connection = null, scope } = body;
    const source_uri = body.source_uri ?? address ?? `uploads:${id}`;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const insert = async (tx: Transaction) => {
      await assertRoom(dependencies, principal, { tx, added: { bytes } });
      await insertDataSource(tx, principal, {
        ...{ id, scope, source_type, source_uri, display_name, connection, files },
        ...{ vocabulary_mode: vocabulary.form, vocabulary_id: vocabulary.id },
      });
      for (const upload of body.upload_ids ?? []) await useUpload(tx, upload, uploadUser.dataSource(id));
      return id;
    };
    const created = await createOnce(db, principal, { key, hash: requestHash('data source', body), insert });
    if (created.fresh) scratch.keep();
    return await requireSource(dependencies, principal, created.id);
  });
}

/** Of the connection; null where none is named. */
async function addressOf(
  dependencies: ApiDependencies,
  principal: Principal,
  { connection, source_type }: SourceBody,
): Promise<string | null> {
  if (connection === undefined) return null;
  const found = await requireConnection(dependencies, principal, connection);
  assertOfType(found, source_type);
  return sourceOfConnection(found).uri;
}

interface Adopting extends Pick<SourceBody, 'source_type'> {
  id: string;
  scratch: Scratch;
  uploads: readonly string[];
}

/** Uploads become the source's own files. */
async function adoptFiles(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, scratch, source_type, uploads }: Adopting,
): Promise<DatasetFile[]> {
  const files: DatasetFile[] = [];
  for (const each of uploads) {
    const { name, s3_path, size, sha256 } = await requireUpload(dependencies, principal, each);
    assertFileOfType(name, source_type);
    if (files.some((file) => file.name === name)) {
      const message = `Two of the uploads are called ${name}. Upload one of them by another name.`;
      throw new TemperaError('INVALID_INPUT', message, { details: { field: 'upload_ids', name } });
    }
    const key = sourceFileKey(id, name);
    scratch.add(key);
    await dependencies.store.copy(s3_path, key);
    files.push({ name, s3_path: key, size, sha256 });
  }
  return files;
}

/** With its runs, reviews and datasets. @throws TemperaError NOT_FOUND, FORBIDDEN, CONFLICT while a run goes on */
export async function removeSource(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<void> {
  assertOwner(principal, await requireSource(dependencies, principal, id), 'data source');
  if (id === SAMPLE_SOURCE)
    throw new TemperaError('CONFLICT', 'The sample source is the platform’s own: it stays.');
  await dependencies.db.transaction((tx) => deleteDataSource(tx, principal, id));
  await carryOutRemovals(dependencies, { partOf: id });
}

const opened = ({ id, source_type, source_uri, connection, files }: ListedSource): OpenedSource => ({
  ...{ id, type: source_type, uri: source_uri, connection, files },
});

export async function testSource(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<Probe> {
  return await dependencies.columnSources.probe(opened(await requireSource(dependencies, principal, id)));
}

export interface SourceTableRow {
  database: string;
  table: string;
  /** Of the last run; null: it was not sampled. */
  columns: number | null;
  /** Why the last run could not sample it. */
  error: string | null;
}

/** The source's tables as they are now, with what the last run found of them. */
export async function sourceTables(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, limit, cursor }: { id: string; limit: number; cursor?: string | undefined },
): Promise<Page<SourceTableRow>> {
  const { db, columnSources } = dependencies;
  const source = await requireSource(dependencies, principal, id);
  const { tables, next_cursor } = await tablesPage(columnSources, opened(source), { limit, cursor });
  const run = await lastRun(db, principal, { source_id: id });
  const sizes = run === null ? [] : await tableSizes(db, run.id, tables);
  return {
    items: tables.map((each) => {
      const size = sizes.find(({ database, table }) => database === each.database && table === each.table);
      return { ...each, columns: size?.columns ?? null, error: size?.error ?? null };
    }),
    next_cursor,
  };
}
