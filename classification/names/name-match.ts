/**
 * What a column's name says: which terms are called so. Runs of whole words are compared, never parts of words.
 *
 * label         the whole name is a term's label                                              .70
 * code, alias   the whole name is its code, abbreviation, common name or acronym, or ends so  .50
 * words         all words of its label of several words stand in the name                     .30
 *
 * 1. The last words say what a thing is: `customer_email` is an e-mail address, `email_verified` and `email_domain` are
 *    not. Words that say nothing (`code`, `value`, a number) may follow.
 * 2. A longer run of words wins over those within it: `first_name` is no `name`, and neither is `name` in `products`.
 * 3. Terms that are equally well named share what the best one has.
 */

import type { NameWords } from '../knowledge.ts';
import type { NameEntry, NameIndex } from './name-index.ts';
import { type Reading, readingsOf, type WordKnowledge } from './readings.ts';
import { tokensOf } from './tokens.ts';

export interface NameSettings {
  label: number;
  alias: number;
  words: number;
}

export const NAME_DEFAULTS: NameSettings = { label: 0.7, alias: 0.5, words: 0.3 };

export interface NameMatch {
  entry: NameEntry;
  mass: number;
  /** The name as it was understood, for people. */
  reading: string;
  how: 'is' | 'ends' | 'holds';
}

export interface NameReader extends WordKnowledge {
  index: NameIndex;
  words: NameWords;
  settings: NameSettings;
}

/** A term that stands in a reading of a name, from one of its words up to another. */
interface Run {
  entry: NameEntry;
  strength: number;
  /** Places in the name. */
  from: number;
  to: number;
  how: NameMatch['how'];
  reading: Reading;
}

/** Shorter ones are anything's end. */
const LEAST_AT_END = 3;
/** Words of a table that a column's name may go on from. */
const WORDS_OF_TABLE = 2;

/**
 * The terms that a name names, the strongest first; their masses sum to the strongest one's strength.
 *
 * @param table of the column, or nothing: where its words and the name's make a name together, that counts
 */
export function matchName(reader: NameReader, name: string, table = ''): NameMatch[] {
  const before = tokensOf(table).slice(-WORDS_OF_TABLE);
  const tokens = tokensOf(name);
  const across = runsOf(reader, [...before, ...tokens])
    .filter(({ from, to }) => from < before.length && to === before.length + tokens.length)
    .map((run): Run => ({ ...run, strength: wholeStrength(reader, run.entry), how: 'is' }));
  return sharedOut(before.length > 0 && across.length > 0 ? across : runsOf(reader, tokens));
}

/** In the plural: a week is a day's, weeks are how long something takes. */
const UNITS_OF_TIME =
  /(?:^|[^a-z])(?:milliseconds|millis|seconds|secs|minutes|mins|hours|hrs|days|weeks|months)$/i;

export type Asked = 'flag' | 'count' | 'duration';

/** Whether a name asks for yes or no, counts, or ends with units of time; null where it does nothing of that. */
export function askedBy({ words }: NameReader, name: string): Asked | null {
  const tokens = tokensOf(name);
  const [first = '', second = ''] = tokens;
  const last = tokens.at(-1) ?? '';
  if (UNITS_OF_TIME.test(name.trim())) return 'duration';
  if (tokens.length < 2) return null;
  if (words.yesOrNo.has(first) || words.yesOrNoEnd.has(last)) return 'flag';
  if (words.countingEnd.has(last)) return 'count';
  const isPlural = /[^s]s$/.test(name.trim().toLowerCase());
  return words.counting.has(first) && (second === 'of' || (isPlural && first !== 'no')) ? 'count' : null;
}

function runsOf(reader: NameReader, tokens: readonly string[]): Run[] {
  return withoutWithin(
    readingsOf(tokens, reader).flatMap((reading) => [
      ...adjoiningWords(reader, reading),
      ...scatteredLabels(reader, reading),
    ]),
  );
}

function adjoiningWords(reader: NameReader, reading: Reading): Run[] {
  const count = reading.words.length;
  return reading.words.flatMap((_, from) => {
    const runs: Run[] = [];
    let key = '';
    for (let to = from + 1; to <= Math.min(count, from + reader.index.longest + 1); to += 1) {
      key += reading.words[to - 1] ?? '';
      for (const entry of reader.index.byKey.get(key) ?? []) {
        const strength = strengthOf(reader, entry, { reading, from, to });
        const how = from === 0 && to === count ? 'is' : 'ends';
        if (strength > 0) runs.push({ entry, strength, how, reading, ...placesOf(reading, from, to) });
      }
    }
    return runs;
  });
}

const placesOf = ({ places }: Reading, from: number, to: number): Pick<Run, 'from' | 'to'> => ({
  from: places[from] ?? 0,
  to: (places[to - 1] ?? 0) + 1,
});

const wholeStrength = ({ settings }: NameReader, { kind }: NameEntry): number =>
  kind === 'label' ? settings.label : settings.alias;

/** How strongly a name in which a term's words stand there says this term; 0: not at all. */
function strengthOf(
  reader: NameReader,
  entry: NameEntry,
  { reading: { words }, from, to }: { reading: Reading; from: number; to: number },
): number {
  const { words: known, settings } = reader;
  if (from === 0 && to === words.length) return wholeStrength(reader, entry);
  if (from > 0 && known.yesOrNo.has(words[0] ?? '')) return 0;
  // hours per week are no week
  if (from > 1 && known.measuring.has(words[from - 1] ?? '')) return 0;
  const rest = words.slice(to);
  if (known.measuring.has(rest[0] ?? '')) return settings.words;
  if (!rest.every((word) => known.neutral.has(word) || /^\d+$/.test(word))) return 0;
  return entry.words.join('').length < LEAST_AT_END ? settings.words : settings.alias;
}

/** Labels of several words whose words all stand in the name, in any order, where nothing changes what they say. */
function scatteredLabels({ index, words, settings }: NameReader, reading: Reading): Run[] {
  if (words.yesOrNo.has(reading.words[0] ?? '')) return [];
  const last = reading.words.findLast((word) => !words.neutral.has(word)) ?? '';
  return reading.words.flatMap((first) =>
    (index.byFirstWord.get(first) ?? []).flatMap((entry): Run[] => {
      const found = entry.words.map((word) => reading.words.indexOf(word));
      if (found.includes(-1) || (words.changing.has(last) && !entry.words.includes(last))) return [];
      const places = placesOf(reading, Math.min(...found), Math.max(...found) + 1);
      return [{ entry, reading, strength: settings.words, how: 'holds', ...places }];
    }),
  );
}

const withoutWithin = (runs: readonly Run[]): Run[] =>
  runs.filter(
    ({ from, to }) =>
      !runs.some((other) => other.from <= from && other.to >= to && other.to - other.from > to - from),
  );

/** The best run of each term; what the best of all has is shared in proportion. */
function sharedOut(runs: readonly Run[]): NameMatch[] {
  const best = new Map<string, Run>();
  for (const run of runs) {
    const known = best.get(run.entry.code);
    if (known === undefined || known.strength < run.strength) best.set(run.entry.code, run);
  }
  const found = [...best.values()].sort((a, b) => b.strength - a.strength);
  const top = found[0]?.strength ?? 0;
  const sum = found.reduce((total, { strength }) => total + strength, 0);
  return found.map(({ entry, strength, how, reading }) => ({
    ...{ entry, how, reading: reading.words.join(' ') },
    mass: (top * strength) / sum,
  }));
}
