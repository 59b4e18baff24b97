/** What a comparison of sessions shows, in words: of the page and of the command line. */

import type { PlaceOfScore } from './comparable-scores.ts';
import type { PairedDifference, Unpaired } from './paired-difference.ts';

/** What the folds show of a session beside the reference. */
export function differenceWords({ shows, folds }: Pick<PairedDifference, 'shows' | 'folds'>): string {
  const count = folds === 1 ? '1 fold' : `${folds.toLocaleString('en-US')} folds`;
  return shows === 'nothing' ? `no difference that ${count} could show` : `${shows} on the same ${count}`;
}

export const UNPAIRED_WORDS: Readonly<Record<Unpaired, string>> = {
  no_folds: 'not cross-validated',
  unknown_folds: 'not comparable: its folds are not known',
  other_metric: 'not comparable: cross-validated by another metric',
  other_folds: 'not comparable: cross-validated on other folds',
};

/** Beside a score that may not be ranked with the others; '' for one that may. */
export const STANDING_WORDS: Readonly<Record<PlaceOfScore['standing'], string>> = {
  comparable: '',
  alone: '',
  other_rows: 'not comparable: other test rows',
  other_metric: 'not comparable: another metric',
  unknown_rows: 'test rows not recorded',
};
