/**
 * Columns that are not named as the table writes them: without the unit, by one of their words, or mistyped. Words that
 * fit one column are taken for it, words that fit several are asked back.
 */

import { EACH_OF, PLAINLY } from '../vocabulary/requests.ts';
import { ROW_NOUNS } from '../vocabulary/rows.ts';
import { type Named, type Token, wordsOf } from './columns-named.ts';
import { isKnownWord } from './known-words.ts';
import { NearTexts, SHORTEST_STEM, sameTokens, stemOf } from './spelling.ts';

const PLAIN = new Set(PLAINLY);
const EACH = new Set(EACH_OF);
const ROWS = new Set(ROW_NOUNS);
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
  const parts = tokens.some(({ word }) => PLAIN.has(word));
  const whole: Token[] = [];
  const found: Omit<Meant, 'tokens'> = { ambiguous: null, meant: [] };
  let runs = 0;
  for (let place = 0; place < tokens.length; ) {
    const column = named.columns.at(tokens, place, named.text);
    const end = column?.end ?? endOfRun(tokens, place, named);
    const run = tokens.slice(place, Math.max(end, place + 1));
    const isNamed = column !== null || end === place || run.length > LONGEST_RUN || runs >= MOST_RUNS;
    if (!isNamed) runs += 1;
    const each = EACH.has(tokens[place - 1]?.word ?? '');
    const taken = isNamed ? null : takenFor(run, named, { parts, each });
    found.ambiguous ??= taken?.ambiguous ?? null;
    found.meant.push(...(taken?.meant ?? []));
    whole.push(...(taken?.tokens ?? run));
    place += run.length;
  }
  return { ...found, tokens: sameTokens(tokens, whole) };
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

/** What a run of words names; `parts`: a part of a name is enough; `each`: so is what fits several columns. */
function takenFor(
  run: readonly Token[],
  { columns, text }: Named,
  { parts, each }: { parts: boolean; each: boolean },
): Meant {
  const [from, to] = [run[0]?.from ?? 0, run.at(-1)?.to ?? 0];
  const written = text.slice(from, to);
  const words = run.map(({ word }) => word);
  const names = indexOf(columns.names).find(words, parts && !ROWS.has(written.toLowerCase()));
  if (names.length === 0) return { tokens: run, ambiguous: null, meant: [] };
  if (names.length > 1 && !(each && names.length < MOST_OFFERED))
    return { tokens: run, ambiguous: { words: written, candidates: names }, meant: [] };
  const tokens = names.flatMap((column) => [
    { word: ',', from, to: from },
    ...wordsOf(column).map((word) => ({ word, from, to })),
  ]);
  return { tokens: tokens.slice(1), ambiguous: null, meant: names.map((column) => ({ written, column })) };
}

class ColumnIndex {
  readonly #byName = new Map<string, string[]>();
  readonly #byWord = new Map<string, string[]>();
  readonly #byStem = new Map<string, string[]>();
  readonly #near = new NearTexts<string>();

  constructor(names: readonly string[]) {
    for (const name of names) {
      const words = wordsOf(name);
      for (const text of namesOf(words)) {
        addTo(this.#byName, text, name);
        if (names.length <= MOST_COLUMNS) this.#near.add(text, name);
      }
      for (const word of new Set(words)) addTo(this.#byWord, word, name);
      if (words.length === 1) addTo(this.#byStem, stemOf(words[0] ?? ''), name);
    }
  }

  /** Columns that the words may name: by a short name, some of its words, a slip of the hand, or its stem. */
  find(words: readonly string[], parts: boolean): string[] {
    for (const form of [words, singular(words)]) {
      const text = form.join(' ');
      const short = this.#byName.get(text);
      if (short !== undefined) return short.slice(0, MOST_OFFERED);
      const holding = parts ? this.#holding(form) : [];
      if (holding.length > 0) return holding;
    }
    const near = this.#near.find(words.join(' '));
    const stem = words.length === 1 ? stemOf(words[0] ?? '') : '';
    return near.length > 0 || stem.length < SHORTEST_STEM ? near : (this.#byStem.get(stem) ?? []);
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
