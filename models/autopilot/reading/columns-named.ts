/** Which columns a clause names after or before a word, read by words alone: lists, fillers and what ends a list. */

import { ENDING, FILLERS, JOINING, ROW_WORDS } from '../vocabulary/columns.ts';
import { asMeant } from './spelling.ts';
import { type Token, tokensOf } from './tokens.ts';
import { WordTrie } from './word-trie.ts';

export { type Token, tokensOf } from './tokens.ts';

export interface NamedList {
  names: string[];
  /** Words in the list's place that are no column; null when every one is. */
  unknown: string | null;
  /** True when rows or values are meant, not columns. */
  ofRows: boolean;
}

const JOINS = new Set(JOINING);
const FILLING = new Set(FILLERS);
const OF_ROWS = new Set(ROW_WORDS);
const ENDS = new Set(ENDING);
/** Words between "leave out" and the first column, such as adjectives. */
const MOST_BETWEEN = 3;
/** Joining and filling words in a row at most: what is said is untrusted. */
const MOST_IDLE = 20;

/** A column and the place after it. */
export interface Column {
  name: string;
  end: number;
}

/** Texts whose tokens are remembered. */
const MOST_TEXTS = 16;

/** The columns that there are, to be found by their words. Made once for a list of names. */
export class ColumnNames {
  readonly #byWords = new WordTrie<string>();
  readonly #words = new Set<string>();
  /** How often a word was looked up: what reading has cost so far. */
  looked = 0;
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
    for (const name of names) {
      const words = wordsOf(name);
      this.#byWords.add(words, name);
      for (const word of words) this.#words.add(word);
    }
  }

  /** True for a word of some column's name. */
  hasWord(word: string): boolean {
    return this.#words.has(word);
  }

  /** Texts that were cut into tokens last: each is looked at several times. */
  readonly #tokens = new Map<string, readonly Token[]>();
  /** The words and marks of a text as they were meant. */
  tokens(text: string): readonly Token[] {
    const tokens = this.#tokens.get(text) ?? asMeant(tokensOf(text), (word) => this.hasWord(word));
    if (this.#tokens.size >= MOST_TEXTS) this.#tokens.clear();
    this.#tokens.set(text, tokens);
    return tokens;
  }

  readonly #found = new WeakMap<readonly Token[], (Column | null)[]>();
  /** The longest column whose words begin at `place`, and the place after it; of equal ones that which `text` holds. */
  at(tokens: readonly Token[], place: number, text: string): Column | null {
    const found = this.#found.get(tokens) ?? [];
    this.#found.set(tokens, found);
    const known = found[place];
    if (known !== undefined) return known;
    const column = this.#find(tokens, place, text);
    found[place] = column;
    return column;
  }

  #find(tokens: readonly Token[], place: number, text: string): Column | null {
    let node: WordTrie<string> | undefined = this.#byWords;
    let found: { names: readonly string[]; end: number } | null = null;
    for (let next = place; next < tokens.length; next += 1) {
      const word = tokens[next]?.word ?? '';
      if (next > place && !isWord(word)) continue;
      this.looked += 1;
      node = node.next.get(word);
      if (node === undefined) break;
      if (node.values.length > 0) found = { names: node.values, end: next + 1 };
    }
    return found === null ? null : { name: this.#written(found.names, text), end: found.end };
  }

  /** Of columns with the same words the first that is in the text as it is written. */
  readonly #chosen = new Map<readonly string[], { text: string; name: string }>();
  #written(names: readonly string[], text: string): string {
    const [first = ''] = names;
    if (names.length === 1) return first;
    const known = this.#chosen.get(names);
    if (known?.text === text) return known.name;
    const name = names.find((each) => text.includes(each)) ?? first;
    this.#chosen.set(names, { text, name });
    return name;
  }
}

const made = new WeakMap<readonly string[], ColumnNames>();

/** The same for a list that was seen before. */
export function columnNames(columns: readonly string[]): ColumnNames {
  const names = made.get(columns) ?? new ColumnNames(columns);
  made.set(columns, names);
  return names;
}

/** A text, and what it may name. */
export interface Named {
  columns: ColumnNames;
  text: string;
}

/** The longest column whose words begin at `place`, and the place after it. */
export function columnAt(tokens: readonly Token[], place: number, { columns, text }: Named): Column | null {
  return columns.at(tokens, place, text);
}

/** Every column named in the clause from `start` up to `end`, in its order. */
export function columnsBetween(
  tokens: readonly Token[],
  range: { start: number; end: number },
  named: Named,
): string[] {
  const names = new Set<string>();
  for (let place = range.start; place < range.end; ) {
    const column = columnAt(tokens, place, named);
    if (column !== null && column.end <= range.end) names.add(column.name);
    place = column !== null && column.end <= range.end ? column.end : place + 1;
  }
  return [...names];
}

/** The list of columns that begins after `start`. */
export function listAfter(tokens: readonly Token[], start: number, named: Named): NamedList {
  const names = new Set<string>();
  const list = (unknown: string | null): NamedList => ({ names: [...names], unknown, ofRows: false });
  let unknown: Token[] = [];
  let joined = true;
  let idle = 0;
  for (let place = start; place < tokens.length; ) {
    const token = tokens[place] as Token;
    const column = joined ? columnAt(tokens, place, named) : null;
    if (column !== null) {
      if (names.size === 0) unknown = []; // what stood before the first name were its adjectives
      names.add(column.name);
      place = column.end;
      joined = false;
      idle = 0;
      continue;
    }
    place += 1;
    idle += 1;
    if (idle > MOST_IDLE) break;
    if (JOINS.has(token.word)) {
      joined = true;
      continue;
    }
    if (FILLING.has(token.word)) continue;
    if (names.size === 0 && OF_ROWS.has(token.word)) return { names: [], unknown: null, ofRows: true };
    if (!joined || ENDS.has(token.word)) break;
    unknown.push(token);
    if (unknown.length > MOST_BETWEEN) break;
  }
  const [first, last] = [unknown[0], unknown.at(-1)];
  return list(first && last ? named.text.slice(first.from, last.to) : null);
}

/** The words of a column's name, as they are looked for. */
export function wordsOf(name: string): string[] {
  return tokensOf(name).flatMap(({ word }) => (isWord(word) ? [word] : []));
}

function isWord(word: string): boolean {
  return /[\p{L}\p{N}]/u.test(word);
}
