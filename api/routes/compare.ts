/** Sessions side by side. */

import { z } from 'zod';
import { STANDINGS_OF_SCORES } from '../../core/comparable-scores.ts';
import { DECIDERS } from '../../core/decisions.ts';
import { TemperaError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import { UNPAIRED } from '../../core/paired-difference.ts';
import { SESSION_STATES } from '../../core/session-state.ts';
import { STAGES } from '../../core/stages.ts';
import { comparedSessions } from '../services/compared.ts';
import type { Routes } from './route.ts';

/** Sessions of one comparison. */
export const MOST_COMPARED = 1_000;

const CompareQuery = z.strictObject({
  /** ids, separated by commas */
  sessions: z.string().max(40_000).optional(),
  experiment_id: z.string().optional(),
  /** the session that the others are compared with fold by fold */
  reference: z.string().optional(),
});

const number = z.number().nullable();
const PairedSchema = z.object({
  ...{ metric: z.string(), folds: z.number(), mean: z.number(), low: z.number(), high: z.number() },
  shows: z.enum(['better', 'worse', 'nothing']),
});
const ScoreSchema = z.object({
  ...{ metric: z.string(), value: z.number(), less_is_better: z.boolean() },
  /** Standard deviation over the folds of cross-validation. */
  spread: number,
  /** Test rows that it was measured on. */
  rows: number,
  /** To the set of comparable scores that most are of. */
  standing: z.enum(STANDINGS_OF_SCORES),
  /** Of those that it is comparable to. */
  best: z.boolean(),
});
const ComparedSchema = z.object({
  ...{ id: z.string(), experiment_id: z.string(), name: z.string(), title: z.string() },
  ...{ state: z.enum(SESSION_STATES), created_at: z.string(), learner: z.string().nullable() },
  forked: z.object({ session: z.string(), stage: z.enum(STAGES).nullable(), whole: z.boolean() }).nullable(),
  /** Number of its set of test rows among those compared; null where it was not measured. */
  test_rows: number,
  score: ScoreSchema.nullable(),
  /** Of each key of `differing` what holds and who decided it; null while it is not settled. */
  decisions: z.record(
    z.string(),
    z.object({ value: z.unknown(), by: z.enum(DECIDERS).nullable() }).nullable(),
  ),
  /** To `reference`, fold by fold; or why there is none. */
  difference: PairedSchema.nullable(),
  unpaired: z.enum(UNPAIRED).nullable(),
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
  /** Keys of the ledger, and settings, in which any two sessions differ. */
  differing: z.array(
    z.object({ key: z.string(), column: z.string().nullable(), stage: z.enum(STAGES).nullable() }),
  ),
  /** Further keys that differ and are not listed. */
  more_differing: z.number(),
  /** The session that the others are compared with fold by fold. */
  reference: z.string().nullable(),
});

export const compareRoutes: Routes =
  ({ db }) =>
  (app, _options, done) => {
    const compared = {
      querystring: CompareQuery,
      response: { 200: AnswerSchema },
    };
    app.get('/api/compare', { schema: compared, config: { permission: 'session:read' } }, async (request) => {
      const { sessions, experiment_id: experiment, reference = null } = request.query;
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
        reference,
      };
      return comparedSessions(db, request.principal, chosen);
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
