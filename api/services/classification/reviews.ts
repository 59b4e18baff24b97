/** What people decide of columns: kept beside what is suggested, never overwritten, undone by name. */

import { columnId, columnPlace } from '../../../core/classification/answers.ts';
import type { ClassificationRun, Review } from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import { derivedId, newId } from '../../../core/ids.ts';
import type { Principal } from '../../../core/principal.ts';
import {
  columnsAt,
  type DecidedColumn,
  insertReviews,
  reviewsByIds,
  type Transaction,
  undoReviews,
} from '../../../db/index.ts';
import type { ReviewItem } from '../../classification-schemas.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { requestHash } from '../../http/idempotency.ts';
import { createOnce } from '../once.ts';
import { type KnownTerms, knownTerms } from './known-terms.ts';
import { requireRun, requireSource } from './required.ts';

export interface ReviewRequest {
  id: string;
  items: readonly ReviewItem[];
  key: string | null;
}

/**
 * Whoever sees a run and may change anything may decide its columns: all of the list, or nothing.
 * @throws TemperaError INVALID_INPUT that names the item and what to send instead
 */
export async function reviewColumns(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, items, key }: ReviewRequest,
): Promise<Review[]> {
  const { db } = dependencies;
  const run = await requireRun(dependencies, principal, id);
  const terms = await knownTerms(dependencies, run.vocabulary.sha256);
  const columns = await columnsOf(dependencies, run, items);
  const decided = items.map((item, at) => ({
    ...decisionOf({ item, at, run, terms }, columns[at]),
    ...{ source_id: run.source_id, run_id: run.id },
  }));
  const idsOf = (batch: string) => decided.map((_, at) => derivedId('review', batch, at));
  const insert = async (tx: Transaction) => {
    const batch = newId();
    const ids = idsOf(batch);
    const rows = decided.map((each, at) => ({ ...each, id: ids[at] ?? newId() }));
    await insertReviews(tx, principal, rows);
    return batch;
  };
  const hash = requestHash('reviews', [id, items]);
  const created = await createOnce(db, principal, { key, hash, insert });
  return await reviewsByIds(db, { source_id: run.source_id, ids: idsOf(created.id) });
}

async function columnsOf(
  { db }: ApiDependencies,
  run: ClassificationRun,
  items: readonly ReviewItem[],
): Promise<(DecidedColumn | undefined)[]> {
  const places = items.flatMap(({ column }) => columnPlace(column) ?? []);
  const found = new Map((await columnsAt(db, run.id, places)).map((column) => [columnId(column), column]));
  return items.map(({ column }) => found.get(column));
}

interface Reviewing {
  item: ReviewItem;
  at: number;
  run: ClassificationRun;
  terms: KnownTerms;
}

type Decided = Pick<
  Review,
  'database' | 'table_name' | 'column_name' | 'decision' | 'code' | 'suggested_code' | 'note'
>;

function decisionOf({ item, at, run, terms }: Reviewing, column: DecidedColumn | undefined): Decided {
  const { decision, code, note } = item;
  const refuse = (field: string, message: string): never => {
    throw new TemperaError(
      'INVALID_INPUT',
      `The request is not understood. body.items.${at}.${field}: ${message}.`,
      {
        details: { issues: [{ field: `body.items.${at}.${field}`, message }] },
      },
    );
  };
  if (column === undefined)
    return refuse('column', `the run ${run.id} has no column with a result by this id`);
  if (code !== undefined && terms.get(code) === undefined)
    return refuse('code', `${code.slice(0, 60)} is no term of the vocabulary ${run.vocabulary.name}`);
  const { database, table_name, column_name, predicted_code: suggested_code } = column;
  const decided = { database, table_name, column_name, decision, suggested_code, note };
  if (decision === 'none') {
    return code === undefined
      ? { ...decided, code: null }
      : refuse('code', 'leave it out: none takes no term');
  }
  if (decision === 'correct')
    return code === undefined ? refuse('code', 'give the term that it is') : { ...decided, code };
  if (suggested_code === null)
    return refuse('decision', 'nothing is suggested here: correct it with its term, or take none');
  if (code !== undefined && code !== suggested_code)
    return refuse('code', `${suggested_code} is suggested; another term is given by correct`);
  return { ...decided, code: suggested_code };
}

/** Those that were undone before stay as they are. @returns each as it is now */
export async function undoDecisions(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, ids }: { id: string; ids: readonly string[] },
): Promise<Review[]> {
  const { db } = dependencies;
  const source = await requireSource(dependencies, principal, id);
  const known = await reviewsByIds(db, { source_id: source.id, ids });
  const missing = ids.find((each) => !known.some((review) => review.id === each));
  if (missing !== undefined)
    throw new TemperaError('NOT_FOUND', `The source ${id} has no review ${missing}; nothing was undone.`);
  await db.transaction((tx) => undoReviews(tx, principal, { source_id: source.id, ids }));
  return await reviewsByIds(db, { source_id: source.id, ids });
}
