/** How conflict and doubt developed over a run, by the number of columns that were put together. */

import type { SeriesColumns } from '../../lib/charts/metric-series.ts';
import type { ClassificationState } from '../../lib/classification/state-words.ts';
import type { RunMoment } from './run-past.ts';

/** Measures that are drawn, in their order. */
export const MEASURES = [
  {
    name: 'mean_conflict',
    label: 'Conflict',
    means: 'mean of the largest conflict between two sources of a column',
  },
  { name: 'mean_gap', label: 'Not known', means: 'mean gap between plausibility and belief' },
  { name: 'frac_unclear', label: 'For people', means: 'share of the columns that need a person' },
  { name: 'coverage', label: 'With a term', means: 'share of the columns that have a prediction' },
] as const;
export type MeasureName = (typeof MEASURES)[number]['name'];

export interface RunHistory {
  visited: ReadonlySet<ClassificationState>;
  /** The last state that was no end. */
  last: ClassificationState | null;
  series: Readonly<Record<MeasureName, SeriesColumns>>;
}

/** @param moments in order; each may tell a part of the progress only */
export function historyOf(moments: readonly RunMoment[]): RunHistory {
  const points = new Map<number, Readonly<Record<string, number>>>();
  let known: Readonly<Record<string, number>> = {};
  let last: ClassificationState | null = null;
  for (const { state, progress } of moments) {
    known = { ...known, ...progress };
    const { columns_fused: fused } = known;
    if (fused !== undefined && fused > 0 && known.mean_gap !== undefined) points.set(fused, known);
    if (!ENDS.includes(state)) last = state;
  }
  const sorted = [...points].sort(([a], [b]) => a - b);
  const series = Object.fromEntries(MEASURES.map(({ name }) => [name, seriesOf(sorted, name)]));
  return {
    visited: new Set(moments.map(({ state }) => state)),
    last,
    // every measure has its series: they are made of the list
    series: series as Record<MeasureName, SeriesColumns>,
  };
}

const ENDS: readonly ClassificationState[] = ['CONVERGED', 'STOPPED', 'ERROR', 'CANCELLED'];

function seriesOf(
  points: readonly (readonly [number, Readonly<Record<string, number>>])[],
  name: MeasureName,
): SeriesColumns {
  const values = points.map(([, known]) => known[name] ?? null);
  return {
    steps: points.map(([fused]) => fused),
    min: values,
    max: values,
    last: values,
    points: values.length,
  };
}

/** Share of the present state's work that is done; null where it is not known. */
export function shareDone(
  state: ClassificationState,
  progress: Readonly<Record<string, unknown>>,
): number | null {
  const { columns_total: all, tables_discovered: tables } = progress;
  const done: Partial<Record<ClassificationState, [unknown, unknown]>> = {
    SAMPLING: [progress.tables_sampled, tables],
    LLM_SWEEP: [progress.llm_labeled, all],
    CLASSIFYING: [progress.columns_classified, all],
    FUSING: [progress.columns_fused, all],
  };
  const [part = null, whole = null] = done[state] ?? [];
  if (typeof whole !== 'number' || whole === 0) return null;
  return Math.min(1, (typeof part === 'number' ? part : 0) / whole);
}
