/** Names of people and places, of which the lists know some: a whole name, or a column in which a list has a few. */

import type { Signal } from '../evidence.ts';
import { valueKey } from '../value-key.ts';
import type { FoundShape, ShapeReader } from './shape.ts';

const TRUST_IN_NAMES = 0.8;
const LEAST_OF_NAMES = 0.3;
const TRUST_IN_SOME = 0.5;
/** From this share of the values on a list that knows some of them speaks, as far as a third, where lists count. */
const LEAST_OF_LIST = 0.08;
const MOST_OF_LIST = 1 / 3;
const LEAST_MATCHED = 2;
const WHOLE_NAME =
  /^(?:\p{Lu}[\p{L}'’.-]*,? ){1,3}\p{Lu}[\p{L}'’-]+\.?(?:,? (?:Jr|Sr|MD|PhD|DDS|DVM|II|III)\.?)?$/u;
const NAME = /^\p{Lu}[\p{L}'’-]+(?: \p{L}[\p{L}'’.-]+){0,2}$/u;

export function personShapes(
  { knowledge, meant }: ShapeReader,
  values: readonly string[],
  lists: readonly Signal[],
): FoundShape[] {
  const known = (list: string, word: string): boolean =>
    knowledge.valueLists.get(list)?.has(valueKey(word)) ?? false;
  const isPerson = (value: string): boolean => {
    const words = value.split(/[ ,]+/).filter(Boolean);
    return words.length >= 2 && words.some((word) => known('first_name', word)) && !known('city', value);
  };
  const whole = values.filter((value) => WHOLE_NAME.test(value));
  const areWhole = whole.length / values.length > 0.7;
  const persons = areWhole ? whole.filter(isPerson).length / values.length : 0;
  if (persons >= LEAST_OF_NAMES)
    return [
      meant('full_name', { title: 'whole names of people', strength: TRUST_IN_NAMES * Math.sqrt(persons) }),
    ];
  const names = values.filter((value) => NAME.test(value)).length / values.length;
  if (names < 0.7) return [];
  const [best] = lists
    .filter(
      ({ matched, of }) =>
        matched >= LEAST_MATCHED && matched >= LEAST_OF_LIST * of && matched < MOST_OF_LIST * of,
    )
    .sort((a, b) => b.matched - a.matched);
  return best === undefined
    ? []
    : [
        meant(best.name, {
          title: `names of which the list ${best.title} has some`,
          strength: TRUST_IN_SOME,
        }),
      ];
}
