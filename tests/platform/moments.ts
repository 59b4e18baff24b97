/**
 * When a fault comes: a seeded list of moments for each row of the list of faults. Pure: the same seed gives the same
 * moments. `npm test` takes the first of each row, `npm run test:long` all of them; a failing test has seed and number
 * in its name, and TEMPERA_TEST_SEED with TEMPERA_TEST_MOMENT repeats that one alone.
 */

/** Moments of a row in the long form. */
export const MOMENTS = 20;

export interface Moment<P> {
  /** 1, 2 … within its row. */
  number: number;
  /** Where in the work the fault comes. */
  point: P;
  /** From 0 to 1: how far into the point, or which of two outcomes. */
  fraction: number;
  /** Shown in the test's name. */
  label: string;
}

export interface MomentOptions {
  seed: number;
  long: boolean;
  /** Only the moment with this number. */
  only: number | null;
}

/** What the environment asks for. @throws when a number is none */
export function momentOptions(environment: NodeJS.ProcessEnv = process.env): MomentOptions {
  const only = environment.TEMPERA_TEST_MOMENT;
  return {
    seed: integer('TEMPERA_TEST_SEED', environment.TEMPERA_TEST_SEED ?? '1'),
    long: environment.TEMPERA_TEST_LONG === '1',
    only: only === undefined ? null : integer('TEMPERA_TEST_MOMENT', only),
  };
}

/**
 * The moments of a row. The first is always at the first point, half way; the others go through every point again and
 * again in an order that the seed gives, so that none is left to luck.
 */
export function momentsOf<P extends { name: string }>(
  row: number,
  points: readonly P[],
  { seed, long, only }: MomentOptions = momentOptions(),
): Moment<P>[] {
  const random = randomOf(seed * 1_000 + row);
  const order = [points.slice(0, 1), ...rounds(points, random)].flat().slice(0, MOMENTS);
  const moments = order.map((point, index) => ({
    number: index + 1,
    point,
    fraction: index === 0 ? 0.5 : random(),
    label: `${point.name} (moment ${index + 1} of seed ${seed})`,
  }));
  if (only !== null) return moments.filter((moment) => moment.number === only);
  return long ? moments : moments.slice(0, 1);
}

/** The points in another order each round; the first round leaves out the first point, which was the first moment. */
function rounds<P>(points: readonly P[], random: () => number): P[][] {
  const list = [shuffled(points.slice(1), random)];
  while (list.flat().length < MOMENTS) list.push(shuffled(points, random));
  return list;
}

/** The items in an order that the generator gives. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}

/** A small generator (mulberry32) of numbers from 0 to 1. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function integer(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${name} is [${text}]; set it to a whole number.`);
  return Number(text);
}
