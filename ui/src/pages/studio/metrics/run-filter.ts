/** Which runs' lines are drawn, and what each line is called. */

import type { SeriesEntry } from '../../../lib/charts/metric-store.ts';
import { learnerName } from './learners.ts';

export interface RunChoice {
  /** `stage/run` */
  id: string;
  stage: string;
  run: number;
}

/** The runs that have metrics, later stages and newer runs first. */
export function runsOf(entries: readonly SeriesEntry[]): RunChoice[] {
  const found = new Map<string, RunChoice>();
  for (const { stage, run } of entries) found.set(runId(stage, run), { id: runId(stage, run), stage, run });
  return [...found.values()].sort((a, b) => order(b.stage) - order(a.stage) || b.run - a.run);
}

export const runId = (stage: string, run: number): string => `${stage}/${run}`;
const order = (stage: string): number => ['eda', 'prep', 'train'].indexOf(stage);

/**
 * A line's name in its panel: only what tells it from its neighbours. One series is called by its metric,
 * several by their tag, and by stage and run where several of those are shown.
 */
export function lineLabel(entry: SeriesEntry, panel: readonly SeriesEntry[]): string {
  const differs = <T>(of: (each: SeriesEntry) => T): boolean => new Set(panel.map(of)).size > 1;
  const parts = [
    differs((each) => each.name) ? entry.name : '',
    differs((each) => each.runTag) ? learnerName(entry.runTag) || 'untagged' : '',
    differs((each) => runId(each.stage, each.run)) ? `${entry.stage} run ${entry.run}` : '',
  ].filter((part) => part !== '');
  return parts.join(' · ') || learnerName(entry.runTag) || entry.name;
}
