/** Uploads: files that wait to become an experiment or a data source. */

import { TemperaError } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { TableProfile } from '../../core/ports/sandbox-tools.ts';
import type { Principal } from '../../core/principal.ts';
import { isDatabaseFile } from '../../core/table-files.ts';
import { getUpload, insertUpload, setUploadProfile, type Transaction, type Upload } from '../../db/index.ts';
import { uploadKey } from '../../storage/keys.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { IncomingFile } from '../http/forms.ts';
import { requestHash } from '../http/idempotency.ts';
import { assertTableFile, sourceFileName, storeFile, withScratch } from './dataset-files.ts';
import { createOnce } from './once.ts';
import { assertRoom } from './quotas.ts';

export interface UploadRequest {
  file: IncomingFile;
  key: string | null;
}

/**
 * Stores and profiles a file; nothing is left of one that is refused.
 * @throws TemperaError INVALID_DATASET, TOO_LARGE, UNSUPPORTED_TYPE, SANDBOX_UNAVAILABLE
 */
export async function createUpload(
  dependencies: ApiDependencies,
  principal: Principal,
  { file, key }: UploadRequest,
): Promise<Upload> {
  const { db, store, tools, settings } = dependencies;
  const id = newId();
  const name = sourceFileName(file.name);
  return await withScratch(store, async (scratch) => {
    const target = { scratch, key: uploadKey(id, name), maxBytes: settings.uploadBytes };
    const stored = await storeFile(store, { ...file, name }, target);
    // a database has tables of its own: it is looked into as a data source
    const profile = isDatabaseFile(name)
      ? null
      : await tools.profileUpload(principal, { datasetId: id, file: stored, target: null });
    const hash = requestHash('upload', [name, stored.sha256]);
    const insert = async (tx: Transaction) => {
      await assertRoom(dependencies, principal, { tx, added: { bytes: stored.size } });
      await insertUpload(tx, principal, { id, ...stored });
      if (profile !== null) await setUploadProfile(tx, principal, { id, profile });
      return id;
    };
    const created = await createOnce(db, principal, { key, hash, insert });
    if (created.fresh) scratch.keep();
    return await requireUpload({ db }, principal, created.id);
  });
}

/** @throws TemperaError NOT_FOUND, also for another's upload */
export async function requireUpload(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<Upload> {
  const upload = isId(id) ? await getUpload(db, principal, id) : null;
  if (!upload) throw new TemperaError('NOT_FOUND', `There is no upload ${id}.`);
  return upload;
}

/** One that is a table. @throws TemperaError NOT_FOUND, UNSUPPORTED_TYPE */
export async function requireTableUpload(
  dependencies: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<Upload> {
  const upload = await requireUpload(dependencies, principal, id);
  assertTableFile(upload.name);
  return upload;
}

/** First rows, detected types and the suggested target. */
export async function previewUpload(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<TableProfile | Record<string, unknown>> {
  const { profile } = await requireTableUpload(dependencies, principal, id);
  if (!profile)
    throw new TemperaError('NOT_FOUND', `The upload ${id} has no preview. Upload the file again.`);
  return profile;
}
