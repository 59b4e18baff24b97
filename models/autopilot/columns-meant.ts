/**
 * Columns that are not named as the table writes them: without the unit, by one of their words, or mistyped. Words that
 * fit one column are taken for it, words that fit several are asked back.
 */

import { type Named, type Token, wordsOf } from './columns-named.ts';
import { isKnownWord } from './known-words.ts';
import { NearTexts, sameTokens } from './spelling.ts';

/** Words of one name that is not found at most. */
const LONGEST_RUN = 5;
/** Runs of words that are looked for in one clause. */
const MOST_RUNS = 20;
/** Wider tables are not searched for names that are mistyped. */
const MOST_COLUMNS = 2_000;
/** Columns that are offered for words that fit several. */
const MOST_OFFERED = 6;

export interface Meant {
  /** The tokens, with those of a column's name where it was meant. */
  tokens: readonly Token[];
  ambiguous: { words: string; candidates: string[] } | null;
  meant: { written: string; column: string }[];
}

/** Finds what the words that are nothing else may name. */
export function columnsMeant(tokens: readonly Token[], named: Named): Meant {
  const found = { tokens: [] as Token[], ambiguous: null as Meant['ambiguous'], meant: [] as Meant['meant'] };
  let runs = 0;
  for (let place = 0; place < tokens.length; ) {
    const column = named.columns.at(tokens, place, named.text);
    const end = column?.end ?? endOfRun(tokens, place, named);
    const run = tokens.slice(place, Math.max(end, place + 1));
    const isNamed = column !== null || end === place || run.length > LONGEST_RUN || runs >= MOST_RUNS;
    if (!isNamed) runs += 1;
    found.tokens.push(...(isNamed ? run : takenFor(run, named, found)));
    place += run.length;
  }
  return { ...found, tokens: sameTokens(tokens, found.tokens) };
}

/** The end of the words from `place` on that are neither known nor a column's name. */
function endOfRun(tokens: readonly Token[], place: number, { columns, text }: Named): number {
  let end = place;
  while (end < tokens.length && end - place <= LONGEST_RUN) {
    const word = tokens[end]?.word ?? '';
    if (!/\p{L}/u.test(word) || isKnownWord(word)) break;
    if (columns.at(tokens, end, text) !== null) break;
    end += 1;
  }
  return end;
}

function takenFor(
  run: readonly Token[],
  { columns, text }: Named,
  found: Omit<Meant, 'tokens'>,
): readonly Token[] {
  const index = indexOf(columns.names);
  const written = text.slice(run[0]?.from ?? 0, run.at(-1)?.to ?? 0);
  const candidates = index.find(run.map(({ word }) => word));
  const [column, ...others] = candidates;
  if (column === undefined) return run;
  if (others.length > 0) {
    found.ambiguous ??= { words: written, candidates: candidates.slice(0, MOST_OFFERED) };
    return run;
  }
  found.meant.push({ written, column });
  const [from, to] = [run[0]?.from ?? 0, run.at(-1)?.to ?? 0];
  return wordsOf(column).map((word) => ({ word, from, to }));
}

class ColumnIndex {
  readonly #byName = new Map<string, string[]>();
  readonly #byWord = new Map<string, string[]>();
  readonly #near = new NearTexts<string>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      const words = wordsOf(name);
      for (const text of namesOf(words)) {
        addTo(this.#byName, text, name);
        if (names.length <= MOST_COLUMNS) this.#near.add(text, name);
      }
      for (const word of new Set(words)) addTo(this.#byWord, word, name);
    }
  }

  /** Columns that the words may name: by their short name, by some of their words, or mistyped. */
  find(words: readonly string[]): string[] {
    for (const form of [words, singular(words)]) {
      const text = form.join(' ');
      const short = this.#byName.get(text);
      if (short !== undefined) return short;
      const holding = this.#holding(form);
      if (holding.length > 0) return holding;
    }
    return this.#near.find(words.join(' '));
  }

  /** Columns whose names hold all the words. */
  #holding(words: readonly string[]): string[] {
    const lists = words.map((word) => this.#byWord.get(word) ?? []);
    const [fewest = []] = lists.sort((one, other) => one.length - other.length);
    if (words.length === 1) return fewest.slice(0, MOST_OFFERED);
    return fewest
      .filter((name) => words.every((word) => wordsOf(name).includes(word)))
      .slice(0, MOST_OFFERED);
  }
}

function addTo(map: Map<string, string[]>, key: string, name: string): void {
  map.set(key, [...(map.get(key) ?? []).slice(0, MOST_OFFERED), name]);
}

/** A name, the same as one word, and without a short unit at its end: "body mass" for body_mass_g. */
function namesOf(words: readonly string[]): string[] {
  const unit = words.length > 1 && /^[a-z]{1,3}$/.test(words.at(-1) ?? '');
  const short = unit ? [words.slice(0, -1)] : [];
  return [...new Set([words, ...short].flatMap((each) => [each.join(' '), each.join('')]))];
}

const singular = (words: readonly string[]): string[] =>
  words.map((word, at) => (at === words.length - 1 ? word.replace(/(?<=..)s$/, '') : word));

const made = new WeakMap<readonly string[], ColumnIndex>();

function indexOf(names: readonly string[]): ColumnIndex {
  const index = made.get(names) ?? new ColumnIndex(names);
  made.set(names, index);
  return index;
}
