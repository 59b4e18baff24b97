/**
 * How a column's values are made, by one line of its plan:
 *
 * list NAME                one entry of a list of its part
 * choice A/B/C             one of them (between ; where they hold a /)
 * integer LOW HIGH         round LOW HIGH STEP         decimal LOW HIGH PLACES
 * date FIRST LAST FORMAT   a moment of these years: YYYY MM DD D Mon hh mm ss
 * identifier NAME          one with its check digits
 * join TEXT                # a digit, ^ a letter, {1-99} a number, {a|b} one of them, {list} or {list:plain} an entry,
 * plain: in small letters without accents and blanks
 */

import type { Draws } from './draws.ts';
import { IDENTIFIERS } from './identifiers.ts';

export type Lists = ReadonlyMap<string, readonly string[]>;
type Maker = (words: string, draws: Draws, lists: Lists) => string;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MINUTES_OF_YEAR = 525_600;

const numbersIn = (words: string): [number, number, number] => {
  const [low = 0, high = 0, third = 0] = words.split(' ').map(Number);
  return [low, high, third];
};

function entryOf(lists: Lists, name: string, draws: Draws): string {
  const list = lists.get(name);
  if (list === undefined) throw new Error(`There is no list ${name}.`);
  return draws.oneOf(list);
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

function slot(inside: string, draws: Draws, lists: Lists): string {
  const [, low, high] = /^(\d+)-(\d+)$/.exec(inside) ?? [];
  if (low !== undefined && high !== undefined)
    return String(draws.whole(Number(low), Number(high))).padStart(low.length, '0');
  if (inside.includes('|')) return draws.oneOf(inside.split('|'));
  const [name = '', how] = inside.split(':');
  const entry = entryOf(lists, name, draws);
  return how === 'plain' ? plain(entry) : entry;
}

const MAKERS: Readonly<Record<string, Maker>> = {
  list: (words, draws, lists) => entryOf(lists, words, draws),
  choice: (words, draws) => draws.oneOf(words.split(words.includes(';') ? ';' : '/')),
  integer(words, draws) {
    const [low, high] = numbersIn(words);
    return String(draws.whole(low, high));
  },
  round(words, draws) {
    const [low, high, step] = numbersIn(words);
    return String(low + step * draws.whole(0, Math.floor((high - low) / step)));
  },
  decimal(words, draws) {
    const [low, high, places] = numbersIn(words);
    return (low + draws.share() * (high - low)).toFixed(places);
  },
  date(words, draws) {
    const [, first = '', last = '', format = ''] = /^(\d+) (\d+) (.+)$/.exec(words) ?? [];
    return inFormat(format, draws, [Number(first), Number(last)]);
  },
  identifier(words, draws) {
    const make = IDENTIFIERS[words];
    if (make === undefined) throw new Error(`There is no identifier ${words}.`);
    return make(draws);
  },
  join: (words, draws, lists) =>
    words.replace(/\{([^}]+)\}|#|\^/g, (found, inside?: string) => {
      if (inside !== undefined) return slot(inside, draws, lists);
      return found === '#' ? String(draws.whole(0, 9)) : String.fromCharCode(65 + draws.whole(0, 25));
    }),
};

function inFormat(format: string, draws: Draws, [first, last]: [number, number]): string {
  const year = draws.whole(first, last);
  const at = new Date(Date.UTC(year, 0, 1, 0, draws.whole(0, MINUTES_OF_YEAR - 1), draws.whole(0, 59)));
  const two = (value: number): string => String(value).padStart(2, '0');
  const parts: Record<string, string> = {
    ...{ YYYY: String(year), MM: two(at.getUTCMonth() + 1), DD: two(at.getUTCDate()) },
    ...{ D: String(at.getUTCDate()), Mon: MONTHS[at.getUTCMonth()] ?? '' },
    ...{ hh: two(at.getUTCHours()), mm: two(at.getUTCMinutes()), ss: two(at.getUTCSeconds()) },
  };
  return format.replace(/YYYY|MM|Mon|DD|D|hh|mm|ss/g, (part) => parts[part] ?? part);
}

/** @throws Error for a line that names no maker, list or identifier that there is */
export function made(line: string, draws: Draws, lists: Lists): string {
  const blank = line.indexOf(' ');
  const maker = MAKERS[line.slice(0, blank)];
  if (maker === undefined) throw new Error(`There is no maker for ${JSON.stringify(line)}.`);
  return maker(line.slice(blank + 1), draws, lists);
}
