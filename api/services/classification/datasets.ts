/** Runs' results as files: versions of a source's dataset. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ClassifiedDataset } from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import type { Principal } from '../../../core/principal.ts';
import { activateDataset, getClassifiedDataset } from '../../../db/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { type ByteRange, namesTag, parseRange, rangeAskedFor } from '../../http/byte-range.ts';
import { assertOwner } from './required.ts';

/** @throws TemperaError NOT_FOUND, also for another's */
async function requireDataset(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<ClassifiedDataset> {
  const dataset = await getClassifiedDataset(db, principal, id);
  if (dataset === null) throw new TemperaError('NOT_FOUND', `There is no dataset ${id}.`);
  return dataset;
}

/** @throws TemperaError NOT_FOUND, FORBIDDEN */
export async function makeActive(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<ClassifiedDataset> {
  assertOwner(principal, await requireDataset(dependencies, principal, id), 'dataset');
  await dependencies.db.transaction((tx) => activateDataset(tx, principal, id));
  return await requireDataset(dependencies, principal, id);
}

export interface OpenDataset {
  name: string;
  size: number;
  sha256: string;
  range: ByteRange | null;
  /** The caller has it already. */
  isKnown: boolean;
  open: () => Promise<Readable>;
}

/** The file's bytes, or the range of them that the headers name. @throws TemperaError NOT_FOUND */
export async function openDataset(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, headers }: { id: string; headers: IncomingHttpHeaders },
): Promise<OpenDataset> {
  const { name, version_number, size, sha256, parquet_path } = await requireDataset(
    dependencies,
    principal,
    id,
  );
  const isKnown = namesTag(headers['if-none-match'], sha256);
  const range = isKnown ? null : parseRange(rangeAskedFor(headers, sha256), size);
  return {
    ...{ name: `${name} ${version_number}.parquet`, size, sha256, range, isKnown },
    open: async () => (await dependencies.store.get(parquet_path, { range: range ?? undefined })).body,
  };
}
