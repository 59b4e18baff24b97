/** A run's results: pages, counts, groups, and the map. */

import type { RunMap } from '../../../core/classification/answers.ts';
import { columnId } from '../../../core/classification/answers.ts';
import type { ClassificationRun, ClassifiedColumn } from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import type { Principal } from '../../../core/principal.ts';
import {
  countResults,
  type Grouping,
  groupResults,
  listResults,
  mapPoints,
  type Page,
  type ResultGroup,
  type ResultsRequest,
} from '../../../db/index.ts';
import { type FilterQuery, MOST_RESULTS } from '../../classification-schemas.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { knownTerms } from './known-terms.ts';
import { requireRun } from './required.ts';

/** Points of a map; of more columns every so many is shown. */
const MOST_POINTS = 20_000;

interface Filtered {
  run: ClassificationRun;
  request: ResultsRequest;
}

/** @throws TemperaError NOT_FOUND; INVALID_INPUT for a code that is none of the run's vocabulary */
async function filtered(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, code, ...filter }: FilterQuery & { id: string },
): Promise<Filtered> {
  const run = await requireRun(dependencies, principal, id);
  const request = { run_id: run.id, limit: 1, ...filter };
  if (code === undefined) return { run, request };
  const codes = (await knownTerms(dependencies, run.vocabulary.sha256)).below(code);
  if (codes.length === 0) {
    const message = `“${code.slice(0, 60)}” in ?code= is no term of the vocabulary ${run.vocabulary.name}.`;
    throw new TemperaError('INVALID_INPUT', message, { details: { field: 'code' } });
  }
  return { run, request: { ...request, codes } };
}

export type ListedResult = ClassifiedColumn & { id: string };

export async function resultsPage(
  dependencies: ApiDependencies,
  principal: Principal,
  asked: FilterQuery & Pick<ResultsRequest, 'cursor' | 'limit' | 'order' | 'offset'> & { id: string },
): Promise<Page<ListedResult>> {
  const { request } = await filtered(dependencies, principal, asked);
  const { limit } = asked;
  const page = await listResults(dependencies.db, principal, { ...request, limit, most: MOST_RESULTS });
  const items = (page?.items ?? []).map((column) => ({ id: columnId(column), ...column }));
  return { items, next_cursor: page?.next_cursor ?? null };
}

export async function resultsCounts(
  dependencies: ApiDependencies,
  principal: Principal,
  asked: FilterQuery & { id: string },
): Promise<{ columns: number; needs_review: number; reviewed: number }> {
  const { request } = await filtered(dependencies, principal, asked);
  return await countResults(dependencies.db, request);
}

export async function resultsGroups(
  dependencies: ApiDependencies,
  principal: Principal,
  { by, ...asked }: FilterQuery & { id: string; by: Grouping },
): Promise<(ResultGroup & { label: string | null })[]> {
  const { run, request } = await filtered(dependencies, principal, asked);
  const groups = await groupResults(dependencies.db, request, by);
  const terms = await knownTerms(dependencies, run.vocabulary.sha256);
  return groups.map((group) => ({
    ...group,
    label: group.code === null ? null : terms.labelOf(group.code),
  }));
}

export async function runMap(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<RunMap> {
  const run = await requireRun(dependencies, principal, id);
  const { columns, every, points } = await mapPoints(dependencies.db, run.id, MOST_POINTS);
  const terms = new Map<string, { place: number; label: string }>();
  for (const { predicted_code: code, predicted_label } of points)
    if (code !== null && !terms.has(code))
      terms.set(code, { place: terms.size, label: predicted_label ?? code });
  return {
    ...{ columns, every },
    id: points.map(columnId),
    name: points.map(({ column_name }) => column_name),
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    probability: points.map(({ probability }) => probability),
    needs_review: points.map(({ needs_review }) => needs_review),
    term: points.map(({ predicted_code: code }) => (code === null ? -1 : (terms.get(code)?.place ?? -1))),
    terms: [...terms].map(([code, { label }]) => ({ code, label })),
  };
}
