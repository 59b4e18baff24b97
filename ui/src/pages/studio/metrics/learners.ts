/** The learners that a training compares: which was chosen, and what the reports call them. */

import { LEARNER_TITLES } from '../../../../../core/learners.ts';
import type { SeriesEntry } from '../../../lib/charts/metric-store.ts';

/** Runs that repeat the cross-validation of the chosen learner alone carry this after its name. */
const REPEATED = '-chosen';
/** The run of the simplest guess. */
const BASELINE = 'dummy';

export const isBaseline = ({ runTag }: Pick<SeriesEntry, 'runTag'>): boolean => runTag === BASELINE;

export const isRepeated = ({ runTag }: Pick<SeriesEntry, 'runTag'>): boolean => runTag.endsWith(REPEATED);

/** The learner's name without what marks its repeated folds. */
const plain = (runTag: string): string =>
  runTag.endsWith(REPEATED) ? runTag.slice(0, -REPEATED.length) : runTag;

/** What people call the learner of a run tag: as the reports do; another's name is shown as it is. */
export function learnerName(runTag: string): string {
  const name = plain(runTag);
  return Object.hasOwn(LEARNER_TITLES, name) ? (LEARNER_TITLES[name] ?? name) : name;
}

/** The same, and as decisions name it: `logistic regression`, `linear`. */
export const learnerNames = (runTag: string): string[] => [
  learnerName(runTag),
  plain(runTag).replaceAll('_', ' '),
];

/** The chosen learner of each training: the one whose score on the test split was logged. Keys are `stage/run`. */
export function chosenLearners(entries: readonly SeriesEntry[]): Map<string, string> {
  const chosen = new Map<string, string>();
  for (const { stage, run, runTag, name } of entries) {
    if (runTag === '' || isBaseline({ runTag })) continue;
    if (name.startsWith('test_') || runTag.endsWith(REPEATED)) chosen.set(`${stage}/${run}`, plain(runTag));
  }
  return chosen;
}

export const isChosen = (
  { stage, run, runTag }: Pick<SeriesEntry, 'stage' | 'run' | 'runTag'>,
  chosen: ReadonlyMap<string, string>,
): boolean => runTag !== '' && chosen.get(`${stage}/${run}`) === plain(runTag);
