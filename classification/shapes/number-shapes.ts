/** Shapes of numbers: what their range, their decimals and their being whole say. */

import { ofNumbers, type Shape, type Values } from './shape.ts';

const within = ({ least, most }: Values, from: number, to: number): boolean => least >= from && most <= to;
const middle = ({ numbers }: Values): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const MANY = 20;
const SOME = 8;

const ANSWERS = new Set([
  200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 418, 422, 429,
  500, 501, 502, 503, 504,
]);
const PORTS = new Set([
  20, 21, 22, 23, 25, 53, 67, 80, 110, 123, 143, 161, 389, 443, 445, 465, 587, 993, 995, 1433, 1521, 2049,
  3000, 3306, 3389, 5000, 5432, 5672, 5900, 6379, 8000, 8080, 8081, 8443, 8888, 9000, 9042, 9090, 9092, 9200,
  11211, 27017,
]);

const allIn = ({ numbers }: Values, set: ReadonlySet<number>): boolean =>
  numbers.length > 1 && numbers.filter((number) => set.has(number)).length >= 0.9 * numbers.length;

/** One after the other without more than a few gaps. */
const isRunning = ({ numbers, areWhole, least, most }: Values): boolean =>
  areWhole &&
  numbers.length >= SOME &&
  least >= 0 &&
  least <= 1_000_000 &&
  most - least + 1 <= 1.5 * numbers.length;

const digits = (number: number): number => String(Math.abs(number)).length;
const sameLength = ({ numbers }: Values): boolean => new Set(numbers.map(digits)).size === 1;

/** The most telling first. */
export const NUMBER_SHAPES: readonly Shape[] = [
  ofNumbers(
    'zero_or_one',
    '0 or 1',
    (values) => values.areWhole && values.numbers.length === 2 && within(values, 0, 1),
  ),
  ofNumbers(
    'answer_code',
    'codes with which servers answer',
    (values) => values.areWhole && allIn(values, ANSWERS),
  ),
  ofNumbers('port', 'numbers of well-known ports', (values) => values.areWhole && allIn(values, PORTS)),
  ofNumbers(
    'year',
    'years',
    (values) =>
      values.areWhole &&
      within(values, 1800, 2100) &&
      values.numbers.length > 1 &&
      values.most - values.least < 250,
  ),
  ofNumbers(
    'epoch_seconds',
    'seconds since 1970',
    (values) => values.areWhole && within(values, 9e8, 2e9) && values.numbers.length >= SOME,
  ),
  ofNumbers(
    'epoch_milliseconds',
    'milliseconds since 1970',
    (values) => values.areWhole && within(values, 9e11, 2e12) && values.numbers.length >= SOME,
  ),
  ofNumbers(
    'running_number',
    'whole numbers one after the other',
    (values) => isRunning(values) && values.numbers.length >= MANY,
  ),
  ofNumbers(
    'month_number',
    '1 to 12',
    (values) => values.areWhole && within(values, 1, 12) && values.most >= 11 && values.numbers.length >= 10,
  ),
  ofNumbers('small_scale', 'a few small whole numbers', (values) => values.areWhole && within(values, 0, 10)),
  ofNumbers(
    'long_number',
    'long whole numbers, all of one length',
    (values) => values.areWhole && values.numbers.length >= SOME && values.least >= 1e7 && sameLength(values),
  ),
  ofNumbers(
    'five_digits',
    'whole numbers of five digits and more, hardly any twice',
    (values) => values.areWhole && values.numbers.length >= MANY && values.least >= 1e4 && sameLength(values),
  ),
  ofNumbers(
    'age',
    'whole numbers as of years of a life',
    (values) =>
      values.areWhole &&
      within(values, 0, 110) &&
      values.numbers.length >= SOME &&
      middle(values) >= 18 &&
      values.most >= 40,
  ),
  ofNumbers(
    'credit_score',
    'whole numbers from 300 to 850',
    (values) =>
      values.areWhole &&
      within(values, 300, 850) &&
      values.numbers.length >= MANY &&
      values.most - values.least > 200,
  ),
  ofNumbers('whole_number', 'whole numbers', (values) => values.areWhole && values.least >= 0),
  ofNumbers('signed_whole_number', 'whole numbers, also below 0', (values) => values.areWhole),
  ofNumbers(
    'body_temperature',
    'numbers around 37',
    (values) => within(values, 34, 42.5) && values.decimals <= 2 && values.numbers.length >= 4,
  ),
  ofNumbers('share', 'numbers from 0 to 1', (values) => within(values, 0, 1)),
  ofNumbers(
    'latitude',
    'numbers from -90 to 90 with many decimals',
    (values) =>
      within(values, -90, 90) &&
      values.decimals >= 4 &&
      (values.least < 0 || values.most - values.least < 60) &&
      values.most > 1,
  ),
  ofNumbers(
    'longitude',
    'numbers from -180 to 180 with many decimals',
    (values) => within(values, -180, 180) && values.decimals >= 4 && values.least < 0,
  ),
  ofNumbers(
    'body_height',
    'numbers from 140 to 215',
    (values) => within(values, 135, 215) && values.numbers.length >= SOME && values.decimals <= 1,
  ),
  ofNumbers('cents', 'numbers with two decimals', (values) => values.decimals === 2 && values.least >= 0),
  ofNumbers('signed_cents', 'numbers with two decimals, also below 0', (values) => values.decimals === 2),
  ofNumbers(
    'small_measure',
    'numbers with one decimal up to 250',
    (values) => values.decimals === 1 && within(values, 0, 250),
  ),
  ofNumbers('measure', 'numbers with decimals', (values) => values.decimals >= 1),
];
