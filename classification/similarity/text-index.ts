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

/** Runs are features by their place, words of texts by the numbers behind those; all other words have this one. */
const NO_FEATURE = -1;

/** Features, each with its weight; none but NO_FEATURE twice. */
interface Weighed {
  features: readonly number[];
  weights: readonly number[];
}

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
  const numbers = new Map([...new Set(texts.flat())].map((word, at) => [word, PLACES + at]));
  const weighed = rememberedWeights(texts, numbers);
  const added = adding(weighed, PLACES + numbers.size);
  const postings = new Map<number, Posting>();
  for (const [text, words] of texts.entries()) {
    const { features, weights } = added(words);
    for (const [at, feature] of features.entries()) {
      const posting = postings.get(feature) ?? { texts: [], weights: [] };
      posting.texts.push(text);
      posting.weights.push(weights[at] ?? 0);
      postings.set(feature, posting);
    }
  }
  const sums = new Float64Array(texts.length);
  return {
    has: (word) => numbers.has(word),
    near(words, least) {
      const { features, weights } = added(words);
      sums.fill(0);
      for (let at = 0; at < features.length; at += 1)
        addPosting(sums, postings.get(features[at] ?? NO_FEATURE), weights[at] ?? 0);
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
function weightsIn(texts: readonly (readonly string[])[]): (word: string) => number {
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

/** Of a word its features by its weight; none where that is 0. */
function rememberedWeights(
  texts: readonly (readonly string[])[],
  numbers: ReadonlyMap<string, number>,
): (word: string) => Weighed {
  const weightOf = weightsIn(texts);
  const known = new Map<string, Weighed>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined) return found;
    const weight = weightOf(word);
    const shares = weight === 0 ? [] : sharesOf(word, numbers.get(word) ?? NO_FEATURE);
    const made: Weighed = {
      features: shares.map(([feature]) => feature),
      weights: shares.map(([, share]) => share * weight),
    };
    if (known.size < MOST_WORDS) known.set(word, made);
    return made;
  };
}

/** The word itself by its number, and its runs. */
function sharesOf(word: string, number: number): [feature: number, share: number][] {
  const marked = `<${word}>`;
  const runs = Array.from({ length: marked.length - RUN + 1 }, (_, at) => hashed(marked.slice(at, at + RUN)));
  const share = Math.sqrt(IN_RUNS / Math.max(1, runs.length));
  return [
    [number, Math.sqrt(1 - IN_RUNS)],
    ...[...new Set(runs)].map((run): [number, number] => [run, share]),
  ];
}

function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % PLACES;
}

/** Adds the words' features up, as a vector of length 1 or 0. */
function adding(weighed: (word: string) => Weighed, count: number): (words: readonly string[]) => Weighed {
  /** Of each feature its place in the sum that is being made, from 1 on; 0 between sums. */
  const places = new Int32Array(count);
  return (words) => {
    const features: number[] = [];
    const weights: number[] = [];
    for (const word of new Set(words)) {
      const own = weighed(word);
      for (let at = 0; at < own.features.length; at += 1) {
        const feature = own.features[at] ?? NO_FEATURE;
        const weight = own.weights[at] ?? 0;
        const place = feature === NO_FEATURE ? 0 : (places[feature] ?? 0);
        if (place > 0) {
          weights[place - 1] = (weights[place - 1] ?? 0) + weight;
          continue;
        }
        weights.push(weight);
        features.push(feature);
        if (feature !== NO_FEATURE) places[feature] = features.length;
      }
    }
    for (const feature of features) if (feature !== NO_FEATURE) places[feature] = 0;
    return { features, weights: normalised(weights) };
  };
}

function normalised(weights: readonly number[]): number[] {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  const length = Math.sqrt(squares) || 1;
  return weights.map((weight) => weight / length);
}
