/** A question's text with the columns that it names as their numbers in brackets, and its numbers as numbers. */

import { ColumnAliases } from '../reading/column-aliases.ts';
import { oneOf } from '../vocabulary/lines.ts';
import { DRAWN_IN, ROW_NOUNS } from '../vocabulary/rows.ts';
import type { TableColumn } from './table-words.ts';

export const NUMBER = '(-?\\d+(?:[.,]\\d+)*)';
export const MARK = /⟦(\d+)⟧/g;
const ROWS = new Set(ROW_NOUNS);
const DRAWN = new RegExp(`['’]${oneOf(DRAWN_IN)}\\b`, 'g');

/** One space for many, so that no pattern looks over a run of them twice; marks of our own are none of the text's. */
export const spaced = (text: string): string =>
  text
    .toLowerCase()
    .replace(DRAWN, '')
    .replace(/n['’]t\b/g, 'nt')
    .replace(/[\s⟦⟧]+/g, ' ');

/** The text with each column that it names as its number in brackets. */
export function markColumns(
  text: string,
  table: readonly TableColumn[],
): { text: string; columns: TableColumn[] } {
  const found = aliasesIn(table).find(text);
  let marked = '';
  let from = 0;
  for (const { place, start, end } of found) {
    marked += `${text.slice(from, start)}⟦${place}⟧`;
    from = end;
  }
  const columns = [...new Set(found.map(({ place }) => place))].flatMap((place) => table[place] ?? []);
  // "non-smokers"
  return { text: (marked + text.slice(from)).replace(/\bnon[- ]?(?=⟦)/g, 'not '), columns };
}

const made = new WeakMap<readonly TableColumn[], ColumnAliases>();

/** What people call the columns; made once for a table. */
function aliasesIn(table: readonly TableColumn[]): ColumnAliases {
  const aliases = made.get(table) ?? new ColumnAliases(table.map((column) => aliasesOf(column.name)));
  made.set(table, aliases);
  return aliases;
}

/** A name in plain words, also without a short unit at its end: people say "body mass" for body_mass_g. */
function aliasesOf(name: string): string[][] {
  const parts = plain(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .split(' ')
    .filter((part) => part !== '');
  if (parts.length === 0) return [];
  const short = parts.slice(0, -1);
  // "passengers" are rows, not their `passenger_id`
  const isShort = parts.length > 1 && /^[a-z]{1,3}$/.test(parts.at(-1) ?? '') && !ROWS.has(short.join(' '));
  return isShort ? [parts, short] : [parts];
}

/** 4,000 is four thousand and 4,5 four and a half. */
export function numberOf(text = ''): number {
  const plainer = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)
    ? text.replaceAll(',', '')
    : text.replace(',', '.');
  return Number(plainer);
}

/** Lower case, letters and digits only, one space between words; `?` stays as a word. */
export function plain(text: string): string {
  const words = text.toLowerCase().replace(/[^\p{L}\p{N}?]+/gu, ' ');
  return words.replaceAll('?', ' ?').replace(/\s+/g, ' ').trim();
}
