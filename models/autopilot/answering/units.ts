/** "5 kg" of a column that ends with its unit: the number in the column's own. */

import { oneOf } from '../vocabulary/lines.ts';
import { UNITS } from '../vocabulary/units.ts';
import { MARK, NUMBER, numberOf } from './marked-text.ts';
import type { TableColumn } from './table-words.ts';

const FACTORS = new Map(
  UNITS.map((line) => line.split(' ')).map(([spoken, own, factor]) => [`${spoken} ${own}`, Number(factor)]),
);
const SPOKEN = [...new Set(UNITS.map((line) => line.split(' ')[0] ?? ''))];
const MEASURED = new RegExp(`(?<![\\p{L}\\p{N}.])${NUMBER} ?(${oneOf(SPOKEN)})(?![\\p{L}\\p{N}])`, 'gu');

/** The text with its columns marked, each number with a unit as the number of the one column that has such a unit. */
export function inOwnUnits(text: string, table: readonly TableColumn[]): string {
  const named = [...text.matchAll(MARK)].flatMap(({ 1: place }) => table[Number(place)] ?? []);
  const numbers = named.filter(({ kind }) => kind === 'number');
  return text.replace(MEASURED, (whole, value: string, spoken: string) => {
    const fitting = numbers.flatMap(({ name }) => FACTORS.get(`${spoken} ${unitOf(name)}`) ?? []);
    const [factor, ...others] = new Set(fitting);
    if (factor === undefined || others.length > 0) return whole;
    return String(Number((numberOf(value) * factor).toPrecision(12)));
  });
}

/** The last word of a name. */
const unitOf = (name: string): string =>
  name
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.at(-1) ?? '';
