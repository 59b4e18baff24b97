/** What sessions came to, so that a page of many asks once: the last one of each experiment, or each of a list. */

import { z } from 'zod';
import type { Principal } from '../../core/principal.ts';
import type { Experiment } from '../../core/records.ts';
import { runningStage } from '../../core/session-state.ts';
import {
  finishedTrainings,
  lastSessions,
  lastValues,
  type SessionOutcome,
  sessionOutcomes,
} from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { isLessBetter } from './comparison.ts';

/** Values of the line that a card draws. */
const LINE_POINTS = 60;
/** Bytes of a train/data/metadata.json that is read; an agent wrote it. */
const MOST_METADATA_BYTES = 1024 * 1024;
const MOST_KNOWN = 10_000;
/** Finished sessions of an experiment among which the best is looked for: the newest. */
const MOST_FINISHED = 50;

const ScoreSchema = z.object({
  metric: z.string(),
  value: z.number(),
  /** Standard deviation over the folds of cross-validation. */
  spread: z.number().nullable(),
  /** The same metric of the simplest guess. */
  baseline: z.number().nullable(),
  /** What it gains over that, as a share of it; 0 or less where the model is no better than guessing. */
  gain: z.number().nullable(),
  /** False while it is the last value of a series of a training that goes on: then the metric is the series' name. */
  final: z.boolean(),
  /** True when an earlier stage has been run again since. */
  stale: z.boolean(),
});
export type Score = z.infer<typeof ScoreSchema>;

export const OutcomeSchema = z.object({
  /** US dollars and tokens of its model calls. */
  cost: z.number(),
  tokens: z.number(),
  /** By stage, of its newest run. */
  turns: z.record(z.string(), z.number()),
  /**
   * By stage: the last finished run, which counts until a newer one is finished; stale when an earlier stage ran
   * again.
   */
  results: z.record(z.string(), z.object({ run: z.number(), stale: z.boolean() })),
  /** Of the last finished training; before the first is finished, what the running one has so far. */
  score: ScoreSchema.nullable(),
  /** The training's longest series, thinned. */
  line: z.array(z.number()),
});

export const LastSessionSchema = OutcomeSchema.extend({
  id: z.string(),
  /** Sessions of the experiment. */
  sessions: z.number(),
  /** The best score of all its finished sessions; null before the first is finished. */
  best: ScoreSchema.extend({ session_id: z.string() }).nullable(),
});

/** As far as train/data/metadata.json is needed, which an agent wrote. */
const MetadataSchema = z.object({
  primary_metric: z.string(),
  metrics: z.object({
    test: z.record(z.string(), z.number()),
    baseline: z.record(z.string(), z.number()).catch({}),
  }),
  cv: z.object({ metric: z.string(), sd: z.number() }).nullable().catch(null),
});

/** A score as a finished training tells it. */
type StoredScore = Omit<Score, 'stale'>;

/** Files are known by their content: one that was read once is not read again. */
const known = new Map<string, StoredScore | null>();

/** The experiments, each with `last`: null for one without a session. */
export async function withLastSessions<T extends Pick<Experiment, 'id'>>(
  dependencies: ApiDependencies,
  principal: Principal,
  experiments: readonly T[],
): Promise<(T & { last: z.infer<typeof LastSessionSchema> | null })[]> {
  const { db } = dependencies;
  const ids = experiments.map(({ id }) => id);
  const [rows, best] = await Promise.all([
    lastSessions(db, principal, ids),
    bestScores(dependencies, principal, ids),
  ]);
  const found = new Map(
    await Promise.all(
      rows.map(async (row) => {
        const { id, sessions, experiment_id } = row;
        const outcome = await toOutcome(dependencies, principal, row);
        const last = { id, sessions, ...outcome, best: best.get(experiment_id) ?? null };
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
    lastValues(dependencies.db, principal, { ...row, points: LINE_POINTS }),
    storedScore(dependencies, row),
  ]);
  const { cost, tokens, turns, results } = row;
  const score = final ? { ...final, stale: results.train?.stale ?? false } : scoreSoFar(row, line);
  return { cost, tokens, turns, results, score, line };
}

type BestScore = Score & { session_id: string };

/** The best score of each experiment that has one. */
async function bestScores(
  dependencies: ApiDependencies,
  principal: Principal,
  experiments: readonly string[],
): Promise<Map<string, BestScore>> {
  const rows = await finishedTrainings(dependencies.db, principal, { experiments, most: MOST_FINISHED });
  const scores = await Promise.all(
    rows.map(async (row) => {
      const score = await storedScore(dependencies, row);
      const { session_id, stale, experiment_id } = row;
      return score ? [{ ...score, session_id, stale, experiment_id }] : [];
    }),
  );
  const groups = new Map<string, BestScore[]>();
  for (const { experiment_id, ...score } of scores.flat()) {
    const group = groups.get(experiment_id);
    if (group) group.push(score);
    else groups.set(experiment_id, [score]);
  }
  return new Map([...groups].flatMap(([id, found]) => best(found).map((score) => [id, score] as const)));
}

/**
 * The best of the scores, newest first, or nothing: only those of one metric compare, the newest's; one that an
 * earlier stage's new run has outdated counts where no other is left.
 */
export function best<T extends Pick<Score, 'metric' | 'value' | 'stale'>>(scores: readonly T[]): T[] {
  const valid = scores.filter(({ stale }) => !stale);
  const [newest, ...others] = valid.length > 0 ? valid : scores;
  if (newest === undefined) return [];
  const sign = isLessBetter(newest.metric) ? -1 : 1;
  const same = others.filter(({ metric }) => metric === newest.metric);
  return [same.reduce((most, each) => (sign * (each.value - most.value) > 0 ? each : most), newest)];
}

async function storedScore(
  { blobs }: ApiDependencies,
  {
    metadata_sha256: content,
    metadata_size: size,
  }: Pick<SessionOutcome, 'metadata_sha256' | 'metadata_size'>,
): Promise<StoredScore | null> {
  if (content === null || (size ?? 0) > MOST_METADATA_BYTES) return null;
  if (known.has(content)) return known.get(content) ?? null;
  // a card is right without its score; a store that is away is asked again the next time
  const metadata = await blobs.readJson(content).catch(() => undefined);
  if (metadata === undefined) return null;
  const score = readScore(metadata);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(content, score);
  return score;
}

/** The score that train/data/metadata.json tells; null where it does not say what is needed. */
export function readScore(metadata: unknown): StoredScore | null {
  const read = MetadataSchema.safeParse(metadata);
  if (!read.success) return null;
  const { primary_metric: metric, metrics, cv } = read.data;
  const value = own(metrics.test, metric);
  if (value === null) return null;
  const spread = cv?.metric === metric ? cv.sd : null;
  const baseline = own(metrics.baseline, metric);
  return { metric, value, spread, baseline, gain: gainOf(metric, value, baseline), final: true };
}

function gainOf(metric: string, value: number, baseline: number | null): number | null {
  if (baseline === null) return null;
  const sign = isLessBetter(metric) ? -1 : 1;
  return (sign * (value - baseline)) / (Math.abs(baseline) || 1);
}

/** Only what was measured on the test split is a score: the name says what else this is. */
function scoreSoFar({ state, series }: SessionOutcome, line: readonly number[]): Score | null {
  const value = line.at(-1);
  if (runningStage(state) !== 'train' || series === null || value === undefined) return null;
  const metric = series.name.replace(/_mean$/, '');
  return { metric, value, spread: null, baseline: null, gain: null, final: false, stale: false };
}

const own = (values: Record<string, number>, name: string): number | null =>
  Object.hasOwn(values, name) ? (values[name] ?? null) : null;
