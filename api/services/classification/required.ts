/** What is asked for by its id: there for who may see it, and changed by its owner. */

import type {
  ClassificationRun,
  ListedSource,
  VocabularyRecord,
} from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import { mayAccess, type Principal } from '../../../core/principal.ts';
import { getDataSource, getRun, getVocabulary } from '../../../db/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';

/** @throws TemperaError NOT_FOUND, also for another's */
export async function requireSource(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<ListedSource> {
  const source = await getDataSource(db, principal, id);
  if (source === null) throw new TemperaError('NOT_FOUND', `There is no data source ${id}.`);
  return source;
}

/** @throws TemperaError NOT_FOUND, also for another's */
export async function requireVocabulary(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<VocabularyRecord> {
  const vocabulary = await getVocabulary(db, principal, id);
  if (vocabulary === null) throw new TemperaError('NOT_FOUND', `There is no vocabulary ${id}.`);
  return vocabulary;
}

/** @throws TemperaError NOT_FOUND, also for another's */
export async function requireRun(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  id: string,
): Promise<ClassificationRun> {
  const run = await getRun(db, principal, id);
  if (run === null) throw new TemperaError('NOT_FOUND', `There is no run ${id}.`);
  return run;
}

/** What is shared may be seen by all, and changed by its owner. @throws TemperaError FORBIDDEN */
export function assertOwner(
  principal: Principal,
  { id, owner }: { id: string; owner: string },
  what: string,
): void {
  if (mayAccess(principal, owner)) return;
  throw new TemperaError('FORBIDDEN', `The ${what} ${id} is somebody else’s: it can be read, not changed.`);
}
