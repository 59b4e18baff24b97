/**
 * Whether a test speaks of a promise: by the words that it says of itself, weighed by how seldom tests say them. What a
 * test says are its file's name and first comment, the names of its tests and, in Python, their docstrings; what it
 * does is left out, since every test of a platform does much besides. Words of helpers that define its tests count.
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Words that say nothing of what a sentence is about. */
const EMPTY = new Set(
  `a all also an and any are as at be by can do does done each every for from has have how in into is it its least may
  more most much never no none not nothing of on one only or other out over own same so than that the then there they
  this those to under until up what when where which while who whose with without`.split(/\s+/),
);
const ENDINGS = ['ations', 'ation', 'ings', 'ing', 'ies', 'ed', 'es', 'er', 'ly', 's'];
/** Letters that stay of a word without its ending. */
const STEM = 3;

/** The stems of a text's words, each once. `camelCase` and paths fall into their words. */
export function wordsOf(text: string): Set<string> {
  const words = text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').match(/[A-Za-z]+|\d+/g) ?? [];
  return new Set(
    words.map((word) => word.toLowerCase()).flatMap((word) => (EMPTY.has(word) ? [] : [stem(word)])),
  );
}

function stem(word: string): string {
  const ending = ENDINGS.find((each) => word.endsWith(each) && word.length - each.length >= STEM);
  return ending === undefined ? word : word.slice(0, -ending.length);
}

/** What a file of tests says of itself. */
export function testTextOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  return `${file} ${file.endsWith('.py') ? textOfPython(text) : textOfTypeScript(text, dirname(file))}`;
}

function textOfPython(text: string): string {
  const names = matches(text, /def (test_\w+)/g).map((name) => name.replaceAll('_', ' '));
  return [...names, ...matches(text, /"""(.*?)"""/gs)].join(' ');
}

function textOfTypeScript(text: string, folder: string): string {
  const [head] = matches(text, /^\s*\/\*\*(.*?)\*\//gs);
  return [head, ...testNames(text), ...helpersOf(text, folder).flatMap(testNames)].join(' ');
}

const testNames = (text: string): string[] => [
  ...matches(text, /\b(?:test|describe|describeLong)(?:\.\w+)*\(\s*(?:'|"|`)((?:\\.|[^\\'"`])*)/g),
  // of `test.each(…)('name', …)`
  ...matches(text, /\)\(\s*(?:'|"|`)((?:\\.|[^\\'"`])*)/g),
];

/** The texts of the files beside it that define tests for it. */
const helpersOf = (text: string, folder: string): string[] =>
  matches(text, /from '(\.[^']+\.ts)'/g)
    .map((path) => join(folder, path))
    .filter((file) => !/\.test\.ts$/.test(file) && existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .filter((helper) => /^ *(test|describe)\b/m.test(helper));

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** Tests in the order in which they speak of a promise. */
export class SpokenOf {
  readonly #words = new Map<string, Set<string>>();
  readonly #sayers = new Map<string, number>();
  readonly #weights = new Map<string, Map<string, number>>();

  constructor(files: readonly string[]) {
    for (const file of files) {
      const words = wordsOf(testTextOf(file));
      this.#words.set(file, words);
      for (const word of words) this.#sayers.set(word, (this.#sayers.get(word) ?? 0) + 1);
    }
  }

  /**
   * How many files speak of `promise`, or of the sentence in it that `file` speaks of most, at least as much as `file`
   * does, itself among them; all where it says none of it.
   */
  place(promise: string, file: string): number {
    const places = [promise, ...promise.split(/[;:]|\. /)].map((sentence) => {
      const weights = this.#weightsOf(sentence);
      const own = weights.get(file) ?? 0;
      if (own === 0) return this.#words.size;
      return [...weights.values()].filter((weight) => weight >= own).length;
    });
    return Math.min(...places);
  }

  /** The telling words of `promise` that `file` does not say, the rarest first. */
  missing(promise: string, file: string): string[] {
    const words = this.#words.get(file) ?? new Set();
    return [...wordsOf(promise)]
      .filter((word) => !words.has(word))
      .sort((a, b) => this.#rarity(b) - this.#rarity(a));
  }

  /** How much each file says of a sentence; a sentence is asked of once for each of its promise's tests. */
  #weightsOf(sentence: string): Map<string, number> {
    const known = this.#weights.get(sentence);
    if (known !== undefined) return known;
    const telling = [...wordsOf(sentence)].map((word) => [word, this.#rarity(word)] as const);
    const weights = new Map<string, number>();
    for (const [file, words] of this.#words)
      weights.set(
        file,
        telling.reduce((sum, [word, rarity]) => sum + (words.has(word) ? rarity : 0), 0),
      );
    this.#weights.set(sentence, weights);
    return weights;
  }

  #rarity(word: string): number {
    return Math.log((this.#words.size + 1) / ((this.#sayers.get(word) ?? 0) + 0.5));
  }
}
