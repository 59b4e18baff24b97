/**
 * The panels as people read them: the chosen learner first, its repeated folds by themselves, the test's metric
 * named.
 */

import type { Panel, SeriesEntry } from '../../../lib/charts/metric-store.ts';
import { isBaseline, isChosen, isRepeated } from './learners.ts';

/**
 * Each panel with its chosen learner's lines first and the simplest guess last. Where the chosen learner was
 * cross-validated once more, on many more folds than the candidates, these have a panel of their own: beside them
 * the candidates were a few points.
 */
export function learnerPanels(panels: readonly Panel[], chosen: ReadonlyMap<string, string>): Panel[] {
  return panels.flatMap((panel) => {
    const [repeated, others] = [
      panel.entries.filter(isRepeated),
      panel.entries.filter((each) => !isRepeated(each)),
    ];
    const rank = (each: SeriesEntry): number => (isChosen(each, chosen) ? 0 : isBaseline(each) ? 2 : 1);
    const entries = others.toSorted((a, b) => rank(a) - rank(b));
    const shown = { ...panel, title: titleOf(panel), entries };
    if (repeated.length === 0) return [shown];
    const own = {
      ...shown,
      id: `${panel.id}/repeated`,
      title: `${shown.title}, chosen model alone`,
      entries: repeated,
    };
    return others.length === 0 ? [own] : [shown, own];
  });
}

/** A chart of one metric whose title does not tell it names it. */
function titleOf({ title, entries }: Panel): string {
  const [name, ...more] = new Set(entries.map((entry) => entry.name));
  if (name === undefined || more.length > 0) return title;
  const metric = name.replace(/^(cv|test|val)_/, '').replace(/_mean$/, '');
  return title.includes(metric) ? title : `${title}: ${metric}`;
}
