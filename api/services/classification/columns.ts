/** One column of a run with all that is known of it, and the columns that a person should look at. */

import {
  type ColumnDetail,
  columnId,
  columnPlace,
  type QueuedColumn,
} from '../../../core/classification/answers.ts';
import type { UndecidedColumn } from '../../../core/classification/review-queue.ts';
import { TemperaError } from '../../../core/errors.ts';
import type { Principal } from '../../../core/principal.ts';
import {
  columnReviews,
  countUndecided,
  getColumn,
  listedColumn,
  type RunColumn,
  undecidedColumns,
  vocabularyText,
} from '../../../db/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { knownTerms } from './known-terms.ts';
import { requireRun } from './required.ts';

/** Columns in doubt that are grouped; those of which less is known come first. */
const MOST_UNDECIDED = 20_000;
/** Ids of columns like one that are told. */
const MOST_SIMILAR = 1_000;

/** @throws TemperaError NOT_FOUND, also for what is no id */
async function requireColumn(
  { db }: Pick<ApiDependencies, 'db'>,
  principal: Principal,
  { run, column }: { run: string; column: string },
): Promise<RunColumn> {
  const place = columnPlace(column);
  const found = place === null ? null : await getColumn(db, principal, { run_id: run, ...place });
  if (found === null) throw new TemperaError('NOT_FOUND', `The run ${run} has no column ${column}.`);
  return found;
}

/** @throws TemperaError NOT_FOUND; CONFLICT while it is not decided yet */
export async function columnDetail(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, column }: { id: string; column: string },
): Promise<ColumnDetail> {
  const { db, classifier } = dependencies;
  const run = await requireRun(dependencies, principal, id);
  const row = await requireColumn(dependencies, principal, { run: id, column });
  const { evidence, result, sample, llm, learned } = row;
  if (evidence === null || result === null)
    throw new TemperaError('CONFLICT', `The column ${column} is not decided yet: the run is ${run.state}.`);
  const { sha256, attachments } = run.vocabulary;
  const vocabulary = { sha256, attachments, text: await vocabularyText(db, sha256) };
  const decided =
    result.reviewed === null
      ? null
      : // as it was when the run decided
        { decision: result.reviewed, code: result.reviewed_code, by: '' };
  const [read, reviews, terms] = await Promise.all([
    classifier.read({
      vocabulary,
      settings: run.settings,
      column: { evidence, llm, learned: learned ?? [], reviewed: decided },
    }),
    columnReviews(db, run.source_id, row),
    knownTerms(dependencies, sha256),
  ]);
  const holds = reviews.find(({ undone_at }) => undone_at === null) ?? null;
  const { reservoir, ...counts } = sample;
  return {
    ...read,
    id: columnId(row),
    column: listedColumn(row, holds),
    sample: { ...counts, values: reservoir },
    signals: evidence.signals.map(({ counts_as, ...signal }) => ({
      ...signal,
      counts_as: countsAs(counts_as),
    })),
    contains: evidence.contains,
    llm: llm === null ? null : { ...llm, label: llm.code === null ? null : terms.labelOf(llm.code) },
    reviews,
  };
}

const countsAs = (word: string): 'evidence' | 'signal' | 'nothing' =>
  word === 'evidence' || word === 'signal' ? word : 'nothing';

export interface ReviewQueue {
  items: QueuedColumn[];
  /** Undecided columns of the run. */
  undecided: number;
  /** Those among them that were grouped, of which least is known. */
  grouped: number;
}

/** What one decision would settle, the most first. */
export async function reviewQueueOf(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, limit }: { id: string; limit: number },
): Promise<ReviewQueue> {
  const { db, classifier } = dependencies;
  const run = await requireRun(dependencies, principal, id);
  const columns = await undecidedColumns(db, run.id, MOST_UNDECIDED);
  const groups = await classifier.queue({ columns });
  const items = groups.slice(0, limit).flatMap(({ first, columns: places }): QueuedColumn[] => {
    const column = columns[first];
    return column === undefined ? [] : [queued(column, places, columns)];
  });
  const undecided = columns.length < MOST_UNDECIDED ? columns.length : await countUndecided(db, run.id);
  return { items, undecided, grouped: columns.length };
}

function queued(
  column: UndecidedColumn,
  places: readonly number[],
  columns: readonly UndecidedColumn[],
): QueuedColumn {
  const { database, table_name, column_name, predicted_code, predicted_label, belief, probability } = column;
  const similar = places.slice(0, MOST_SIMILAR).flatMap((place) => {
    const each = columns[place];
    return each === undefined || each === column ? [] : [columnId(each)];
  });
  return {
    ...{ id: columnId(column), database, table_name, column_name, predicted_code, predicted_label },
    ...{ belief, probability, settles: places.length, similar },
  };
}

export type SimilarColumn = Omit<QueuedColumn, 'settles' | 'similar'>;

/** Undecided columns that are like this one, which may be decided itself: those that one decision may settle. */
export async function similarColumns(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, column }: { id: string; column: string },
): Promise<SimilarColumn[]> {
  const run = await requireRun(dependencies, principal, id);
  const row = await requireColumn(dependencies, principal, { run: id, column });
  const undecided = await undecidedColumns(dependencies.db, run.id, MOST_UNDECIDED);
  const others = undecided.filter((each) => columnId(each) !== columnId(row));
  const groups = await dependencies.classifier.queue({ columns: [asUndecided(row), ...others] });
  const [group] = groups.filter(({ columns }) => columns.includes(0));
  return (group?.columns ?? []).flatMap((place) => {
    const each = place === 0 ? undefined : others[place - 1];
    if (each === undefined) return [];
    const { database, table_name, column_name, predicted_code, predicted_label, belief, probability } = each;
    const key = { id: columnId(each), database, table_name, column_name };
    return [{ ...key, predicted_code, predicted_label, belief, probability }];
  });
}

function asUndecided(row: RunColumn): UndecidedColumn {
  const { database, table_name, column_name, table_position, column_position, result, evidence } = row;
  const signals = evidence?.signals.filter(({ counts_as }) => counts_as !== 'nothing') ?? [];
  return {
    ...{ database, table_name, column_name, table_position, column_position },
    predicted_code: result?.predicted_code ?? null,
    predicted_label: result?.predicted_label ?? null,
    ...{ belief: result?.belief ?? 0, probability: result?.probability ?? 0 },
    signals: signals.map(({ name }) => name),
  };
}
