/** Dates: which of the terms that are days they may be; those that lie where people's births do are such. */

import { type FoundShape, kindShape, type ShapeReader } from './shape.ts';
import { isDate, isMoment } from './text-forms.ts';

const NEARLY_ALL = 0.75;
const MIDNIGHT = /^\d{4}-\d{2}-\d{2}[T ]00:00(?::00(?:\.0{1,9})?)?(?:Z|\+00:?00)?$/;
const AMONG_DATES = 0.6;
const A_DATE = 0.4;
const A_MOMENT = 0.45;
const TRUST_IN_BIRTHS = 0.6;
/** Births of people in tables: half of them before it, the last before the other, over so many years. */
const MIDDLE_BEFORE = 1992;
const LAST_BEFORE = 2016;
const LEAST_YEARS = 15;
const LEAST_DATES = 5;

/** @param isNamed whether the column is called something: which day it is the name says better */
export function dateShapes(
  { termsOf, meant }: ShapeReader,
  values: readonly string[],
  isNamed: boolean,
): FoundShape[] {
  const share = values.filter((value) => isDate(value) || MIDNIGHT.test(value)).length / values.length;
  // what is at midnight each time has no time of day
  const areDays = share === 1;
  const shareOfMoments = areDays ? 0 : values.filter(isMoment).length / values.length;
  if (share + shareOfMoments < NEARLY_ALL) return [];
  const among = kindShape('dates', AMONG_DATES, termsOf('dates'));
  if (shareOfMoments > share)
    return [
      ...among,
      ...(isNamed ? [] : [meant('datetime', { title: 'dates with time of day', strength: A_MOMENT })]),
    ];
  const years = values
    .flatMap((day) => /(?:18|19|20)\d{2}/.exec(day)?.[0] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  if (isOfBirths(years))
    return [
      ...among,
      meant('birth_date', { title: 'days on which people are born', strength: TRUST_IN_BIRTHS }),
    ];
  return [...among, ...(isNamed ? [] : [meant('date', { title: 'dates', strength: A_DATE })])];
}

function isOfBirths(years: readonly number[]): boolean {
  const [first = 0, last = 0, middle = 0] = [years[0], years.at(-1), years[Math.floor(years.length / 2)]];
  return (
    years.length >= LEAST_DATES && middle < MIDDLE_BEFORE && last < LAST_BEFORE && last - first >= LEAST_YEARS
  );
}
