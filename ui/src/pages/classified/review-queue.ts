/** The queue of columns that a person goes through: what is next, what one decision settles, and the way back. */

import type { QueuedColumn, Review, ReviewItem } from '../../lib/api/classification.ts';

export interface Walk {
  items: readonly QueuedColumn[];
  /** Place of the one that is looked at. */
  at: number;
  /** Decisions that were made on the way, the last one at the end. */
  done: readonly Decided[];
}

export interface Decided {
  item: QueuedColumn;
  /** Where it stood. */
  at: number;
  reviews: readonly Review[];
}

export const startWalk = (items: readonly QueuedColumn[]): Walk => ({ items, at: 0, done: [] });

/** To the next one or back, never past an end. */
export const stepped = (walk: Walk, by: number): Walk => ({
  ...walk,
  at: Math.min(Math.max(0, walk.at + by), Math.max(0, walk.items.length - 1)),
});

/** What is sent: the column, and with `isBulk` those that are like it. */
export function itemsOf(
  column: QueuedColumn,
  decision: Omit<ReviewItem, 'column'>,
  isBulk: boolean,
): ReviewItem[] {
  const ids = isBulk ? [column.id, ...column.similar] : [column.id];
  return ids.map((id) => ({ column: id, ...decision }));
}

/** Without the column that was decided; the one behind it takes its place. */
export function decided(walk: Walk, reviews: readonly Review[]): Walk {
  const item = walk.items[walk.at];
  if (item === undefined) return walk;
  const items = walk.items.filter((_, place) => place !== walk.at);
  return {
    ...{ items, at: Math.min(walk.at, Math.max(0, items.length - 1)) },
    done: [...walk.done, { item, at: walk.at, reviews }],
  };
}

/** With the last decided column again where it stood, and looked at. */
export function takenBack(walk: Walk): Walk {
  const last = walk.done.at(-1);
  if (last === undefined) return walk;
  const at = Math.min(last.at, walk.items.length);
  return {
    items: [...walk.items.slice(0, at), last.item, ...walk.items.slice(at)],
    ...{ at, done: walk.done.slice(0, -1) },
  };
}

/** A new queue without what was decided meanwhile. */
export const refilled = (walk: Walk, items: readonly QueuedColumn[]): Walk => ({
  ...{ items, at: 0, done: walk.done },
});
