/** What sessions came to, so that a page of many asks once: the last one of each experiment, or each of a list. */

import { z } from 'zod';
import type { Principal } from '../../core/principal.ts';
import type { Experiment } from '../../core/records.ts';
import { lastSessions, lastValues, type SessionOutcome, sessionOutcomes } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** Values of the line that a card draws. */
const LINE_POINTS = 60;
/** Bytes of a train/data/metadata.json that is read; an agent wrote it. */
const MOST_METADATA_BYTES = 1024 * 1024;
const MOST_KNOWN = 1_000;

const ScoreSchema = z.object({
  metric: z.string(),
  value: z.number(),
  /** Standard deviation over the folds of cross-validation. */
  spread: z.number().nullable(),
  /** The same metric of the simplest guess. */
  baseline: z.number().nullable(),
  /** False while it is the last value of a training that goes on. */
  final: z.boolean(),
});
type Score = z.infer<typeof ScoreSchema>;

export const OutcomeSchema = z.object({
  /** US dollars and tokens of its model calls. */
  cost: z.number(),
  tokens: z.number(),
  /** By stage, of its newest run. */
  turns: z.record(z.string(), z.number()),
  score: ScoreSchema.nullable(),
  /** The training's longest series, thinned. */
  line: z.array(z.number()),
});

export const LastSessionSchema = OutcomeSchema.extend({
  id: z.string(),
  /** Sessions of the experiment. */
  sessions: z.number(),
});

/** As far as train/data/metadata.json is needed, which an agent wrote. */
const ToldSchema = z.object({
  primary_metric: z.string(),
  metrics: z.object({
    test: z.record(z.string(), z.number()),
    baseline: z.record(z.string(), z.number()).catch({}),
  }),
  cv: z.object({ metric: z.string(), sd: z.number() }).nullable().catch(null),
});

/** Files are known by their content: one that was read once is not read again. */
const known = new Map<string, Score | null>();

/** The experiments, each with `last`: null for one without a session. */
export async function withLastSessions<T extends Pick<Experiment, 'id'>>(
  dependencies: ApiDependencies,
  principal: Principal,
  experiments: readonly T[],
): Promise<(T & { last: z.infer<typeof LastSessionSchema> | null })[]> {
  const { db } = dependencies;
  const ids = experiments.map(({ id }) => id);
  const rows = await lastSessions(db, principal, ids);
  const found = new Map(
    await Promise.all(
      rows.map(async (row) => {
        const { id, sessions } = row;
        const last = { id, sessions, ...(await toOutcome(dependencies, principal, row)) };
        return [row.experiment_id, last] as const;
      }),
    ),
  );
  return experiments.map((experiment) => ({ ...experiment, last: found.get(experiment.id) ?? null }));
}

/** The sessions, each with what it came to. */
export async function withOutcomes<T extends { id: string }>(
  dependencies: ApiDependencies,
  principal: Principal,
  sessions: readonly T[],
): Promise<(T & { outcome?: z.infer<typeof OutcomeSchema> })[]> {
  const ids = sessions.map(({ id }) => id);
  const rows = await sessionOutcomes(dependencies.db, principal, ids);
  const outcomes = await Promise.all(
    rows.map(async (row) => [row.id, await toOutcome(dependencies, principal, row)] as const),
  );
  const found = new Map(outcomes);
  // one that was deleted meanwhile has none
  return sessions.map((session) => {
    const outcome = found.get(session.id);
    return outcome ? { ...session, outcome } : session;
  });
}

async function toOutcome(dependencies: ApiDependencies, principal: Principal, row: SessionOutcome) {
  const [line, final] = await Promise.all([
    lastValues(dependencies.db, principal, row, LINE_POINTS),
    finalScore(dependencies, row),
  ]);
  const { cost, tokens, turns } = row;
  return { cost, tokens, turns, score: final ?? scoreSoFar(row, line), line };
}

async function finalScore(
  { blobs }: ApiDependencies,
  { metadata_sha256: content, metadata_size: size }: SessionOutcome,
): Promise<Score | null> {
  if (content === null || (size ?? 0) > MOST_METADATA_BYTES) return null;
  if (known.has(content)) return known.get(content) ?? null;
  // a card is right without its score; a store that is away is asked again the next time
  const told = await blobs.readJson(content).catch(() => undefined);
  if (told === undefined) return null;
  const score = readScore(told);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(content, score);
  return score;
}

/** The score that train/data/metadata.json tells; null where it does not say what is needed. */
export function readScore(told: unknown): Score | null {
  const read = ToldSchema.safeParse(told);
  if (!read.success) return null;
  const { primary_metric: metric, metrics, cv } = read.data;
  const value = own(metrics.test, metric);
  if (value === null) return null;
  const spread = cv?.metric === metric ? cv.sd : null;
  return { metric, value, spread, baseline: own(metrics.baseline, metric), final: true };
}

function scoreSoFar({ series }: SessionOutcome, line: readonly number[]): Score | null {
  const value = line.at(-1);
  if (series === null || value === undefined) return null;
  const metric = series.name.replace(/^cv_/, '').replace(/_mean$/, '');
  return { metric, value, spread: null, baseline: null, final: false };
}

const own = (values: Record<string, number>, name: string): number | null =>
  Object.hasOwn(values, name) ? (values[name] ?? null) : null;
