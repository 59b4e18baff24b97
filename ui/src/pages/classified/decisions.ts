/** What a person decides of columns: sent at once, with an undo. */

import {
  type ClassificationRun,
  type Review,
  type ReviewItem,
  results,
  sources,
} from '../../lib/api/classification.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';
import { sentenceOf } from './decision-words.ts';

type DecidedRun = Pick<ClassificationRun, 'id' | 'source_id'>;

/** The platform takes so many in one request. */
const MOST_ITEMS = 1_000;

/** @returns the reviews that were made, or null where that failed, which is told */
export async function decide(
  run: DecidedRun,
  items: readonly ReviewItem[],
  onundone: () => void,
): Promise<Review[] | null> {
  const made: Review[] = [];
  try {
    for (let from = 0; from < items.length; from += MOST_ITEMS)
      made.push(...(await results.review(run.id, items.slice(from, from + MOST_ITEMS))));
  } catch (error) {
    toasts.fail(error);
    if (made.length === 0) return null;
  }
  toasts.show(sentenceOf(made), {
    action: { label: 'Undo', perform: () => void undo(run, made, onundone) },
  });
  return made;
}

/** Takes decisions back. @returns false where that failed, which is told */
export async function undo(
  run: DecidedRun,
  reviews: readonly Review[],
  onundone: () => void,
): Promise<boolean> {
  try {
    const ids = reviews.map(({ id }) => id);
    for (let from = 0; from < ids.length; from += MOST_ITEMS)
      await sources.undo(run.source_id, ids.slice(from, from + MOST_ITEMS));
    toasts.say(reviews.length === 1 ? 'Taken back.' : `${reviews.length} decisions taken back.`);
    onundone();
    return true;
  } catch (error) {
    toasts.fail(error);
    return false;
  }
}
