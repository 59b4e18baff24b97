/**
 * Short texts as weighted words, and which of many such texts are near to one: cosines over TF-IDF.
 *
 * 1. A word is a feature of its own, and so are its hashed runs of three characters with its ends marked, so that what
 *    is written a little otherwise is near too. Words weigh more than their runs.
 * 2. Words that many texts have weigh little; words that none has make a text less near to all.
 */

import { SHADOW } from './concepts.ts';

/** Hashed runs share this many places. */
const PLACES = 2 ** 15;
const RUN = 3;
/** Of a word's weight the part that rests on its runs. */
const IN_RUNS = 0.25;
/** A word that no text has, as a share of the rarest one's weight: it may be a prefix that says nothing. */
const UNKNOWN = 0.6;
/** Of a word that a concept stands for, beside the concept. */
const SHADOWED = 0.4;
/** Words that were asked for are remembered, so many of them. */
const MOST_WORDS = 20_000;

/** Weights by feature: a word, or the place of a run. */
type Features = ReadonlyMap<string | number, number>;

/** The texts that have a feature, with its weight in each. */
interface Posting {
  texts: number[];
  weights: number[];
}

export interface NearText {
  /** Of the text among those that were indexed. */
  place: number;
  cosine: number;
}

export interface TextIndex {
  /** Texts whose cosine with the words is at least so large, in no order. */
  near(words: readonly string[], least: number): NearText[];
  /** Whether a text has the word. */
  has(word: string): boolean;
}

export function indexTexts(texts: readonly (readonly string[])[]): TextIndex {
  const weighing: Weighing = { weightOf: weights(texts), features: rememberedFeatures() };
  const postings = new Map<string | number, Posting>();
  for (const [text, words] of texts.entries()) {
    const { sum, length } = added(words, weighing);
    for (const [feature, weight] of sum) {
      const posting = postings.get(feature) ?? { texts: [], weights: [] };
      posting.texts.push(text);
      posting.weights.push(weight / length);
      postings.set(feature, posting);
    }
  }
  const sums = new Float64Array(texts.length);
  const all = new Set(texts.flat());
  return {
    has: (word) => all.has(word),
    near(words, least) {
      const { sum, length } = added(words, weighing);
      sums.fill(0);
      for (const [feature, weight] of sum) addPosting(sums, postings.get(feature), weight / length);
      const found: NearText[] = [];
      for (let place = 0; place < sums.length; place += 1) {
        const cosine = sums[place] ?? 0;
        if (cosine >= least) found.push({ place, cosine });
      }
      return found;
    },
  };
}

function addPosting(sums: Float64Array, posting: Posting | undefined, weight: number): void {
  if (posting === undefined) return;
  const { texts, weights: own } = posting;
  for (let at = 0; at < texts.length; at += 1) {
    const text = texts[at] ?? 0;
    sums[text] = (sums[text] ?? 0) + weight * (own[at] ?? 0);
  }
}

/** Inverse document frequencies. */
function weights(texts: readonly (readonly string[])[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const unknown = UNKNOWN * Math.log(1 + texts.length);
  return (word) => {
    const count = counts.get(word);
    const isShadow = word.startsWith(SHADOW);
    if (count === undefined) return isShadow ? 0 : unknown;
    return Math.log(1 + texts.length / count) * (isShadow ? SHADOWED : 1);
  };
}

function rememberedFeatures(): (word: string) => Features {
  const known = new Map<string, Features>();
  return (word) => {
    const found = known.get(word) ?? featuresOf(word);
    if (known.size < MOST_WORDS) known.set(word, found);
    return found;
  };
}

function featuresOf(word: string): Features {
  const marked = `<${word}>`;
  const runs = Array.from({ length: marked.length - RUN + 1 }, (_, at) => hashed(marked.slice(at, at + RUN)));
  const share = Math.sqrt(IN_RUNS / Math.max(1, runs.length));
  return new Map<string | number, number>([
    [word, Math.sqrt(1 - IN_RUNS)],
    ...runs.map((run): [number, number] => [run, share]),
  ]);
}

function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % PLACES;
}

interface Weighing {
  weightOf(word: string): number;
  features(word: string): Features;
}

/** The sum of the words' features by their weights, and its length; that of nothing is 1. */
function added(
  words: readonly string[],
  { weightOf, features }: Weighing,
): { sum: Features; length: number } {
  const sum = new Map<string | number, number>();
  for (const word of new Set(words)) {
    const weight = weightOf(word);
    if (weight === 0) continue;
    for (const [feature, share] of features(word)) sum.set(feature, (sum.get(feature) ?? 0) + share * weight);
  }
  let squares = 0;
  for (const weight of sum.values()) squares += weight * weight;
  return { sum, length: Math.sqrt(squares) || 1 };
}
