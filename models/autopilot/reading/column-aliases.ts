/** Where a text names columns in the words that people use for them. */

import { WordTrie } from './word-trie.ts';

/** A column's name in the text, from `start` up to `end`. */
export interface NamedColumn {
  place: number;
  start: number;
  end: number;
}

interface Alias {
  place: number;
  /** Characters of the alias with its spaces: the longer one is meant. */
  length: number;
}

/** Between the words of a name at most so many marks or spaces. */
const WIDEST_GAP = 3;
const WORDS = /[\p{L}\p{N}]+/gu;

export class ColumnAliases {
  readonly #byWords = new WordTrie<Alias>();
  /** How often a word was looked up: what reading has cost so far. */
  looked = 0;

  /** @param aliases of each column in its place: each alias as its words */
  constructor(aliases: readonly string[][][]) {
    for (const [place, each] of aliases.entries()) {
      for (const words of each) {
        const alias = { place, length: words.join(' ').length };
        this.#byWords.add(words, alias);
        // people also write the words of a name as one
        if (words.length > 1) this.#byWords.add([words.join('')], alias);
      }
    }
  }

  /** The columns that the text names, in its order; of names that overlap the longest, then the first column. */
  find(text: string): NamedColumn[] {
    const words = [...text.matchAll(WORDS)].map(({ 0: word, index }) => ({
      word,
      from: index,
      to: index + word.length,
    }));
    const found = words.flatMap((_word, at) => this.#longestAt(words, at) ?? []);
    found.sort(
      (left, right) => right.length - left.length || left.place - right.place || left.start - right.start,
    );
    const taken = new Set<number>();
    const chosen = found.filter(({ first, last }) => {
      for (let at = first; at <= last; at += 1) if (taken.has(at)) return false;
      for (let at = first; at <= last; at += 1) taken.add(at);
      return true;
    });
    return chosen.sort((left, right) => left.start - right.start);
  }

  #longestAt(words: readonly { word: string; from: number; to: number }[], first: number): Found | null {
    let found: Found | null = null;
    let node: WordTrie<Alias> | undefined = this.#byWords;
    for (let last = first; last < words.length && node !== undefined; last += 1) {
      const word = words[last];
      const before = words[last - 1];
      if (word === undefined || (last > first && before && word.from - before.to > WIDEST_GAP)) break;
      for (const form of formsOf(word.word)) {
        this.looked += 1;
        const [alias] = node.next.get(form)?.values ?? [];
        const start = words[first]?.from ?? 0;
        if (alias && alias.length > (found?.length ?? 0))
          found = { ...alias, first, last, start, end: word.to };
      }
      node = node.next.get(word.word);
    }
    return found;
  }
}

interface Found extends Alias, NamedColumn {
  /** Places of its first and last word. */
  first: number;
  last: number;
}

/** The word, and without what makes it a plural. */
function formsOf(word: string): string[] {
  if (word.endsWith('es')) return [word, word.slice(0, -1), word.slice(0, -2)];
  return word.endsWith('s') ? [word, word.slice(0, -1)] : [word];
}
