/** What came of a run: its columns, in pages, groups and on a map, and what is known of each. */

import { z } from 'zod';
import {
  ColumnDetailSchema,
  QueuedColumnSchema,
  RunMapSchema,
} from '../../../core/classification/answers.ts';
import { EvaluationSchema } from '../../../core/classification/evaluation.ts';
import { ClassifiedColumnSchema, ReviewSchema } from '../../../core/classification/records.ts';
import {
  ColumnParams,
  FilterQuery,
  GroupsQuery,
  QueueQuery,
  ResultsQuery,
  ReviewsBodySchema,
} from '../../classification-schemas.ts';
import { idempotencyKey } from '../../http/idempotency.ts';
import { IdParams, pageOf } from '../../schemas.ts';
import { columnDetail, reviewQueueOf, similarColumns } from '../../services/classification/columns.ts';
import { requireRun } from '../../services/classification/required.ts';
import { resultsCounts, resultsGroups, resultsPage, runMap } from '../../services/classification/results.ts';
import { reviewColumns } from '../../services/classification/reviews.ts';
import type { Routes } from '../route.ts';

const number = z.number();
const ListedResultSchema = ClassifiedColumnSchema.extend({ id: z.string() });
const CountsSchema = z.object({ columns: number, needs_review: number, reviewed: number });
const ResultGroupSchema = z.object({
  /** Of groups by table. */
  database: z.string().nullable(),
  table_name: z.string().nullable(),
  /** Of groups by term; null where nothing is predicted. */
  code: z.string().nullable(),
  label: z.string().nullable(),
  columns: number,
  needs_review: number,
  mean_probability: number.nullable(),
});
const QueueSchema = z.object({
  items: z.array(QueuedColumnSchema),
  /** Undecided columns of the run. */
  undecided: number,
  /** Those among them that were grouped. */
  grouped: number,
});
const SimilarSchema = QueuedColumnSchema.omit({ settles: true, similar: true });

export const classificationResultRoutes: Routes = (dependencies) => (app, _options, done) => {
  const results = {
    params: IdParams,
    querystring: ResultsQuery,
    response: { 200: pageOf(ListedResultSchema) },
  };
  app.get(
    '/api/fsm/runs/:id/results',
    { schema: results, config: { permission: 'classification:read' } },
    async ({ principal, params, query }) => {
      return await resultsPage(dependencies, principal, { ...query, id: params.id });
    },
  );

  const counts = { params: IdParams, querystring: FilterQuery, response: { 200: CountsSchema } };
  app.get(
    '/api/fsm/runs/:id/results/counts',
    { schema: counts, config: { permission: 'classification:read' } },
    async ({ principal, params, query }) => {
      return await resultsCounts(dependencies, principal, { ...query, id: params.id });
    },
  );

  const groups = {
    ...{ params: IdParams, querystring: GroupsQuery },
    response: { 200: z.object({ items: z.array(ResultGroupSchema) }) },
  };
  app.get(
    '/api/fsm/runs/:id/results/groups',
    { schema: groups, config: { permission: 'classification:read' } },
    async ({ principal, params, query }) => ({
      items: await resultsGroups(dependencies, principal, { ...query, id: params.id }),
    }),
  );

  const map = { params: IdParams, response: { 200: RunMapSchema } };
  app.get(
    '/api/fsm/runs/:id/map',
    { schema: map, config: { permission: 'classification:read' } },
    async ({ principal, params }) => {
      return await runMap(dependencies, principal, params.id);
    },
  );

  const evaluation = z.object({
    run_id: z.string(),
    evaluation: EvaluationSchema.nullable(),
  });
  app.get(
    '/api/fsm/runs/:id/evaluation',
    {
      schema: { params: IdParams, response: { 200: evaluation } },
      config: { permission: 'classification:read' },
    },
    async ({ principal, params }) => {
      const run = await requireRun(dependencies, principal, params.id);
      return { run_id: run.id, evaluation: run.evaluation };
    },
  );

  const column = { params: ColumnParams, response: { 200: ColumnDetailSchema } };
  app.get(
    '/api/fsm/runs/:id/columns/:column',
    { schema: column, config: { permission: 'classification:read' } },
    async ({ principal, params }) => {
      return await columnDetail(dependencies, principal, params);
    },
  );

  const similar = { params: ColumnParams, response: { 200: z.object({ items: z.array(SimilarSchema) }) } };
  app.get(
    '/api/fsm/runs/:id/columns/:column/similar',
    { schema: similar, config: { permission: 'classification:read' } },
    async ({ principal, params }) => ({
      items: await similarColumns(dependencies, principal, params),
    }),
  );

  const queue = { params: IdParams, querystring: QueueQuery, response: { 200: QueueSchema } };
  app.get(
    '/api/fsm/runs/:id/queue',
    { schema: queue, config: { permission: 'classification:read' } },
    async ({ principal, params, query }) => {
      return await reviewQueueOf(dependencies, principal, { id: params.id, ...query });
    },
  );

  const reviewed = {
    ...{ params: IdParams, body: ReviewsBodySchema },
    response: { 201: z.object({ items: z.array(ReviewSchema) }) },
  };
  app.post(
    '/api/fsm/runs/:id/reviews',
    { schema: reviewed, config: { permission: 'classification:review' } },
    async (request, reply) => {
      const { principal, params, body, headers } = request;
      const reviewing = { id: params.id, items: body.items, key: idempotencyKey(headers) };
      const items = await reviewColumns(dependencies, principal, reviewing);
      return reply.code(201).send({ items });
    },
  );

  done();
};
