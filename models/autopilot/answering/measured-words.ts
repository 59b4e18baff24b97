/**
 * Adjectives and verbs that measure, as the table has them: "older than" is "age more than", "the cheapest" the lowest
 * price, "who paid the most" the highest fare. A word that fits several columns is given with them, to be asked back.
 */

import { oneOf } from '../vocabulary/lines.ts';
import * as vocabulary from '../vocabulary/measures.ts';
import { comparesSomething } from './compared-groups.ts';
import type { TableColumn } from './table-words.ts';

/** A word that measures, and the columns that it may be about: none, or several. */
export interface Unplaced {
  words: string;
  candidates: string[];
}

/** How a superlative stands in the text: its column comes behind it. */
export const HIGHEST = '⟦highest⟧';
export const LOWEST = '⟦lowest⟧';

interface Measure {
  column: string;
  /** It runs the other way: the older was born earlier. */
  turned: boolean;
}

const DATES = '@date';
const UNITS = lineWords(vocabulary.ADJECTIVES);
const BASES = new Map(UNITS.map(([base = '', , , ...of]) => [base, of]));
const COMPARATIVES = new Map(UNITS.flatMap(([, form = '', , ...of]) => (form === '-' ? [] : [[form, of]])));
const SUPERLATIVES = new Map(UNITS.flatMap(([, , form = '', ...of]) => (form === '-' ? [] : [[form, of]])));
const VERBS = new Map(
  vocabulary.VERBS.flatMap((line) => {
    const [forms = '', of = ''] = line.split(': ');
    return forms.split(' ').map((form) => [form, of.split(' ')] as const);
  }),
);
const [MORE, LESS, MOST, LEAST] = [
  vocabulary.MORE,
  vocabulary.LESS,
  vocabulary.MOST,
  vocabulary.LEAST,
] as const;
const GRADES = [...MORE, ...LESS, ...MOST, ...LEAST];
const UP = new Set([...MORE, ...MOST]);
const EXTREME = new Set([...MOST, ...LEAST]);
const GRADED = new RegExp(
  `(?:\\b(${oneOf(vocabulary.TURNING)}) )?\\b(?:(${oneOf(GRADES)}) (${oneOf([...BASES.keys()])})|` +
    `(${oneOf([...COMPARATIVES.keys(), ...SUPERLATIVES.keys()])}))\\b( than)?`,
  'g',
);
const DONE = new RegExp(
  `\\b(${oneOf([...VERBS.keys()])})\\b(?: (?:the )?(${oneOf([...EXTREME])})\\b(?! than))?`,
  'g',
);
const HOW = new RegExp(`\\bhow (${oneOf([...BASES.keys()])})\\b(?= (?:is|are|was|were)\\b)`, 'g');
const AGED = new RegExp(`\\b${oneOf(vocabulary.AGED)}\\b`, 'g');

function lineWords(lines: readonly string[]): string[][] {
  return lines.map((line) => line.split(' '));
}

/** `text`, in lower case, with words that measure as names of columns. */
export function inMeasures(
  text: string,
  table: readonly TableColumn[],
): { text: string; unplaced: Unplaced[] } {
  const measures = new Measures(text, table);
  const unplaced: Unplaced[] = [];
  const place = (words: string, of: readonly string[], tell: (measure: Measure) => string): string => {
    const found = measures.find(of);
    if (!Array.isArray(found)) return tell(found as Measure);
    unplaced.push({ words, candidates: found });
    return words;
  };
  const written = text
    .replace(HOW, (whole, base: string) =>
      place(whole, BASES.get(base) ?? [], ({ column }) => `average ${column}`),
    )
    .replace(GRADED, (whole, ...groups) => {
      const graded = gradedBy(groups);
      const tell = (measure: Measure) => inOrder(graded, measure);
      // "biggest tip": the column itself stands behind it
      const isBeside = graded.superlative && measures.isNamed(wordBehind(whole, groups));
      return isBeside ? beside(graded) : place(whole, graded.of, tell);
    })
    .replace(DONE, (whole, verb: string, grade = '') => {
      if (measures.isNamed(verb)) return whole;
      const found = measures.find(VERBS.get(verb) ?? []);
      // such a word may also be a value
      if (Array.isArray(found) && (grade !== '' || comparesSomething(text)))
        unplaced.push({ words: verb, candidates: found });
      if (Array.isArray(found)) return whole;
      return grade === '' ? found.column : `${UP.has(grade) ? HIGHEST : LOWEST} ${found.column}`;
    })
    .replace(AGED, (word) => ageIn(table)?.concat(' of') ?? word);
  return { text: written, unplaced };
}

interface Graded {
  turning: string;
  superlative: boolean;
  up: boolean;
  than: string;
  of: readonly string[];
}

function gradedBy([turning = '', grade = '', base = '', form = '', than = '']: string[]): Graded {
  const of = BASES.get(base) ?? SUPERLATIVES.get(form) ?? COMPARATIVES.get(form) ?? [];
  const superlative = SUPERLATIVES.has(form) || EXTREME.has(grade);
  return { turning, superlative, up: grade === '' || UP.has(grade), than, of };
}

/** The word behind what was found: its place and the text it was found in are what a pattern hands over last. */
function wordBehind(whole: string, groups: readonly unknown[]): string {
  const [at, searched] = groups.slice(-2);
  const behind = String(searched).slice(Number(at) + whole.length);
  return /^ ([\p{L}\p{N}]+)/u.exec(behind)?.[1] ?? '';
}

/** "Biggest" alone; of what runs the other way the lowest. */
const beside = ({ up, of }: Graded): string => (up === (of[0] ?? '').startsWith('-') ? LOWEST : HIGHEST);

/** "Highest age" and "age not more than". */
function inOrder({ turning, superlative, up, than }: Graded, { column, turned }: Measure): string {
  const before = turning === '' ? '' : `${turning} `;
  if (superlative) return `${before}${up === turned ? LOWEST : HIGHEST} ${column}${than}`;
  const more = up === turned ? 'less' : 'more';
  return than === ''
    ? `${before}${column} ${more}`
    : `${column} ${before === '' ? '' : 'not '}${more}${than}`;
}

/** The column that holds an age; null where none does, or several do. */
export function ageIn(table: readonly TableColumn[]): string | null {
  const found = new Measures('', table).find(['age']);
  return Array.isArray(found) ? null : found.column;
}

/** The columns of a table that can be measured, by the words of their names. */
class Measures {
  readonly #spoken: ReadonlySet<string>;
  readonly #columns: readonly { name: string; parts: readonly string[]; isDate: boolean }[];

  constructor(text: string, table: readonly TableColumn[]) {
    this.#spoken = new Set(wordsOf(text));
    this.#columns = measurable(table);
  }

  isNamed(word: string): boolean {
    return this.#columns.some(({ parts }) => parts.includes(word));
  }

  /** The column of the likeliest word that any has; the columns where it is several, none where it is none. */
  find(of: readonly string[]): Measure | string[] {
    for (const written of of) {
      const turned = written.startsWith('-');
      const word = turned ? written.slice(1) : written;
      const fitting = this.#columns.filter(({ name, parts, isDate }) =>
        word === DATES ? isDate : name === word || parts.includes(word),
      );
      const [first, ...others] = this.#mostSpoken(fitting);
      if (first === undefined) continue;
      return others.length === 0
        ? { column: first.name, turned }
        : [first, ...others].map(({ name }) => name);
    }
    return [];
  }

  /** Of several those of whose names the text says most. */
  #mostSpoken<T extends { parts: readonly string[] }>(columns: readonly T[]): readonly T[] {
    const spoken = columns.map(({ parts }) => parts.filter((part) => this.#spoken.has(part)).length);
    const most = Math.max(0, ...spoken);
    return columns.filter((_column, at) => spoken[at] === most);
  }
}

const made = new WeakMap<
  readonly TableColumn[],
  readonly { name: string; parts: readonly string[]; isDate: boolean }[]
>();

function measurable(table: readonly TableColumn[]) {
  const columns =
    made.get(table) ??
    table
      .filter(({ kind }) => kind !== 'category')
      .map(({ name, kind }) => ({
        name: name.toLowerCase(),
        parts: wordsOf(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')),
        isDate: kind === 'date',
      }));
  made.set(table, columns);
  return columns;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
