/** Sessions side by side. */

import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import { SESSION_STATES } from '../../core/session-state.ts';
import { compareSessions } from '../../db/index.ts';
import { compare } from '../services/comparison.ts';
import type { Routes } from './route.ts';

/** Sessions of one comparison. */
export const MOST_COMPARED = 1_000;

const CompareQuery = z.strictObject({
  /** ids, separated by commas */
  sessions: z.string().max(40_000).optional(),
  experiment_id: z.string().optional(),
});

const number = z.number().nullable();
const ComparedSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(SESSION_STATES),
  parameters: z.record(z.string(), z.unknown()),
  learner: z.string().nullable(),
  metrics: z.array(
    z.object({
      ...{ stage: z.string(), run: z.number(), run_tag: z.string(), name: z.string() },
      ...{ last: number, min: number, max: number, best: number, count: z.number(), mean: number },
      ...{ value: number, chosen: z.boolean() },
    }),
  ),
});

const AggregateSchema = z.object({
  ...{ name: z.string(), better: z.enum(['less', 'greater']), sessions: z.number() },
  ...{ best: number, best_session: z.string().nullable(), min: number, max: number, mean: number },
});

const AnswerSchema = z.object({
  items: z.array(ComparedSchema),
  aggregates: z.array(AggregateSchema),
  /** Parameters in which any two sessions differ. */
  differing: z.array(z.string()),
});

export const compareRoutes: Routes =
  ({ db }) =>
  (app, _options, done) => {
    const compared = {
      querystring: CompareQuery,
      response: { 200: AnswerSchema },
    };
    app.get('/api/compare', { schema: compared }, async (request) => {
      const { sessions, experiment_id: experiment } = request.query;
      const ids = sessionIds(sessions);
      if (ids.length === 0 && experiment === undefined) {
        throw new TemperaError(
          'INVALID_INPUT',
          'Name the sessions as ?sessions=ID,ID or an ?experiment_id=.',
        );
      }
      const chosen = {
        ids,
        experiment: isId(experiment ?? '') ? (experiment ?? null) : null,
        most: MOST_COMPARED,
      };
      return compare(await compareSessions(db, request.principal, chosen));
    });

    done();
  };

/** @throws TemperaError INVALID_INPUT for what is no id, or too many */
function sessionIds(text = ''): string[] {
  const ids = [...new Set(text.split(',').map((id) => id.trim()))].filter((id) => id !== '');
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined) {
    throw new TemperaError(
      'INVALID_INPUT',
      `“${wrong.slice(0, 60)}” in ?sessions= is not the id of a session.`,
    );
  }
  if (ids.length > MOST_COMPARED) {
    const message = `${ids.length} sessions are too many to compare; ${MOST_COMPARED} are the most. Name fewer.`;
    throw new TemperaError('INVALID_INPUT', message);
  }
  return ids;
}
