/** Which of many values stand for a column: evenly over its table, and the same ones each time. */

const SEED = 0x9e3779b9;

/** At most `most` of `values`, in their order, one of each of as many stretches of equal length. */
export function evenly<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) return [...values];
  const random = drawn(SEED);
  const end = (at: number) => Math.floor((at * values.length) / most);
  return Array.from({ length: most }, (_, at) => {
    // where in its stretch is drawn: values that come in turns do not all fall on one of them
    const place = end(at) + Math.floor(random() * (end(at + 1) - end(at)));
    return values[place] as T;
  });
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
