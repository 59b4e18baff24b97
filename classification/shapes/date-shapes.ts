/** Shapes of dates: whether they lie as births, beginnings or ends do. */

import type { Shape, Values } from './shape.ts';

const DAY = '\\d{1,2}';
const MARK = '[-/.]';
const DATE = new RegExp(
  `^(?:(\\d{4})${MARK}${DAY}${MARK}${DAY}|${DAY}${MARK}${DAY}${MARK}(\\d{4})` +
    `|${DAY}[ -][A-Za-z]{3,9}[ -](\\d{4})|[A-Za-z]{3,9}\\.? ${DAY},? (\\d{4}))$`,
);
const MOMENT = new RegExp(
  `^(?:\\d{4}${MARK}${DAY}${MARK}${DAY}|${DAY}${MARK}${DAY}${MARK}\\d{4})[T ]` +
    '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?: ?[AP]M)?(?:Z| ?[+-]\\d{2}:?\\d{2}| UTC)?$',
  'i',
);
const CLOCK = /^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?: ?[AP]M)?$/i;
/** Among the dates of births some are of grown-ups, and they are of many years. */
const GROWN_UP_BY = 2000;
const YEARS_OF_BIRTHS = 25;

function yearOf(text: string): number | null {
  const match = DATE.exec(text);
  return match === null ? null : Number(match[1] ?? match[2] ?? match[3] ?? match[4]);
}

const yearsIn = ({ texts }: Values): number[] => texts.flatMap((text) => yearOf(text) ?? []);

const dates = (name: string, title: string, holds: (years: readonly number[]) => boolean): Shape => ({
  ...{ name, title },
  countIn(values) {
    const years = yearsIn(values);
    return years.length > 0 && holds(years) ? years.length : 0;
  },
});

const span = (years: readonly number[]): number => Math.max(...years) - Math.min(...years);

/** The most telling first. */
export const DATE_SHAPES: readonly Shape[] = [
  dates(
    'birth_dates',
    'dates of many years, long ago',
    (years) =>
      span(years) >= YEARS_OF_BIRTHS && Math.min(...years) < GROWN_UP_BY && Math.min(...years) > 1900,
  ),
  dates('dates', 'dates', () => true),
  {
    name: 'moments',
    title: 'dates with the time of day',
    countIn: ({ texts }) => texts.filter((text) => MOMENT.test(text)).length,
  },
  {
    name: 'clock_times',
    title: 'times of day',
    countIn: ({ texts }) => texts.filter((text) => CLOCK.test(text)).length,
  },
];
