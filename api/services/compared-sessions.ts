/** A compared session as it is read: what it was scored by and on, and what is settled in it. */

import { z } from 'zod';
import type { FoldScores } from '../../core/paired-difference.ts';
import type { Settled, SettledSession } from '../../core/settled-decisions.ts';
import type { ComparedDecision, ComparedSession } from '../../db/index.ts';
import { learnerOf } from './comparison.ts';

/** As far as scores are compared by it; an agent wrote part of it. */
const FactsSchema = z.object({
  test_metrics: z.record(z.string(), z.number().nullable()).default({}).catch({}),
  primary_metric: z.string().nullable().default(null).catch(null),
  test_rows: z.number().nullable().default(null).catch(null),
  test_fingerprint: z.string().nullable().default(null).catch(null),
  cross_validation: z
    .object({
      metric: z.string(),
      scores: z.array(z.number()).min(2),
      folds: z.string().nullable(),
      learned_rows: z.number().positive().default(1),
      judged_rows: z.number().positive().default(1),
    })
    .nullable()
    .default(null)
    .catch(null),
});
const NO_FACTS = FactsSchema.parse({});
const factsOf = (facts: unknown) => (facts === null ? NO_FACTS : FactsSchema.parse(facts));

export interface ReadSession extends ComparedSession {
  learner: string | null;
  /** By which the finished training chose and is judged. */
  metric: string | null;
  /** On the test rows, as the platform measured it. */
  value: number | null;
  /** Fingerprint of the test rows, and how many they are. */
  test_rows: string | null;
  tested: number | null;
  folds: FoldScores | null;
}

export function readSession(session: ComparedSession): ReadSession {
  const train = factsOf(session.train_facts);
  const prep = factsOf(session.prep_facts);
  const value = train.primary_metric === null ? null : (train.test_metrics[train.primary_metric] ?? null);
  return {
    ...session,
    learner: learnerOf(session),
    metric: train.primary_metric,
    value,
    // a score is of the rows that it was measured on, whatever a later preparation has dealt
    test_rows: (session.train_facts === null ? prep : train).test_fingerprint,
    tested: train.test_rows,
    folds: train.cross_validation,
  };
}

/** The settings of a session, which no decision repeats, and what its training shows was taken. */
export function settledSession(
  session: ReadSession,
  own: Readonly<Record<string, ComparedDecision>>,
): SettledSession {
  const limits = Object.entries(session.limits).map(([name, value]): [string, unknown] => [
    `budget.${name}`,
    value,
  ]);
  const effective: [string, unknown][] = [
    ...limits,
    ['agent', session.model],
    ['mode', session.mode],
    ['seed', session.seed],
    ['data_sharing', session.data_sharing],
    ['model.choice', session.learner],
    ['metric', session.metric],
  ];
  const settled = new Map<string, Settled>(
    Object.entries(own).map(([key, { value, by }]) => [key, { value, by }]),
  );
  for (const [key, value] of effective) {
    if (value === null) continue; // of a training that is not done
    const decided = settled.get(key);
    // a decision that was made after the training, or that a script did not follow, says nothing of its result
    const by =
      decided !== undefined && JSON.stringify(decided.value) === JSON.stringify(value) ? decided.by : null;
    settled.set(key, { value, by });
  }
  const { id, experiment_id, done, has_ledger } = session;
  return { id, experiment_id, done, has_ledger, settled };
}
