/** What share of a list holds, where that matters from some share on. */

/** 0 where it is less than `least`: the rest is not looked at once that is sure. */
export function shareFrom<T>(list: readonly T[], least: number, holds: (each: T) => boolean): number {
  const most = list.length * (1 - least) + 1e-9;
  let missed = 0;
  for (const each of list) {
    if (!holds(each)) missed += 1;
    if (missed > most) return 0;
  }
  return (list.length - missed) / list.length;
}
