/**
 * What the classifier knows before it sees a vocabulary: words, lists and codes, read once from this folder's
 * files.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Meanings } from './meanings/attachments.ts';
import type { TypeWords } from './meanings/type-evidence.ts';
import { tokensOf, wordsKey } from './names/tokens.ts';
import { createPatterns } from './patterns/library.ts';
import type { Codes, Pattern } from './patterns/pattern.ts';
import { type Calibration, readCalibration } from './probability/calibration.ts';
import { NUMBER_KINDS, type NumberRange, SPREADS } from './shapes/numbers.ts';
import { type WordKind, WordKindsSchema, wordKinds } from './shapes/word-kinds.ts';
import { type Concepts, readConcepts } from './similarity/concepts.ts';
import { valueKey } from './value-key.ts';
import { readVocabulary, type Vocabulary } from './vocabulary/vocabulary.ts';

const NameWordsSchema = z.strictObject({
  /** What follows them is a measure of what stands before. */
  measuring: z.array(z.string()),
  /** They say nothing when they follow. */
  neutral: z.array(z.string()),
  /** What they follow is not the thing any more, but something of it. */
  changing: z.array(z.string()),
  /** Names that begin so ask for yes or no, and so do those that end as the next ones. */
  yesOrNo: z.array(z.string()),
  yesOrNoEnd: z.array(z.string()),
  /** Names that begin so, before a plural or "of", count, and so do those that end as the next ones. */
  counting: z.array(z.string()),
  countingEnd: z.array(z.string()),
  /** They only say more of the thing that is named. */
  qualifying: z.array(z.string()),
  /** Behind a thing they say that it is told in steps. */
  grouping: z.array(z.string()),
  /** Many things have one: by itself it does not say which. */
  generic: z.array(z.string()),
});

const TypeWordsSchema = z.strictObject({ types: z.array(z.string()), words: z.array(z.string()) });

export type NameWords = Readonly<Record<keyof z.infer<typeof NameWordsSchema>, ReadonlySet<string>>>;

const ValueKindsSchema = z.strictObject({
  text: z.array(z.string()),
  number: z.array(z.string()),
  coded: z.array(z.string()),
  /** Of the coded such as a name settles: 0 and 1 under it are no flag. */
  namedCodes: z.array(z.string()),
  /** Of the texts such as may stand there as small numbers. */
  codable: z.array(z.string()),
});
export type ValueKinds = z.infer<typeof ValueKindsSchema>;

export interface Knowledge {
  meanings: Meanings;
  /** Words that say at the end of a label what a thing is. */
  heads: ReadonlySet<string>;
  /** Readings of an abbreviation, as it stands in a name, each in its words. */
  abbreviations: ReadonlyMap<string, readonly (readonly string[])[]>;
  nameWords: NameWords;
  /** Words that look like compounds and are none. */
  wholeWords: ReadonlySet<string>;
  /** Units of measure that stand behind a name, and the words for what they measure. */
  units: ReadonlyMap<string, readonly string[]>;
  patterns: readonly Pattern[];
  /** Known values by meaning, as keys of `valueKey`. */
  valueLists: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of each known value the meanings whose lists have it. */
  listsByValue: ReadonlyMap<string, readonly string[]>;
  /** Two meanings each that are taken for each other. */
  confusable: readonly (readonly [string, string])[];
  /** Two meanings each: what looks like the first and stands behind it is the next. */
  companions: readonly (readonly [string, string])[];
  typeWords: TypeWords;
  /** Where numbers of a meaning lie. */
  numberRanges: readonly NumberRange[];
  /** Weak patterns by name, with what they give where nearly all values have them. */
  weakForms: ReadonlyMap<string, number>;
  wordKinds: readonly WordKind[];
  /** Meanings whose values are texts, numbers, or codes of few kinds. */
  valueKinds: ValueKinds;
  /** Words of one meaning. */
  concepts: Concepts;
  calibration: Calibration;
}

/** @param folder this one, wherever it was installed */
export function readKnowledge(folder: string): Knowledge {
  const text = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
  const words = NameWordsSchema.parse(JSON.parse(text('names', 'words.json')));
  const valueLists = new Map(
    entriesOf(join(folder, 'values', 'lists')).map(([meaning, entries]) => [
      meaning,
      new Set(entries.map(valueKey)),
    ]),
  );
  return {
    meanings: z.record(z.string(), z.array(z.string())).parse(JSON.parse(text('meanings', 'meanings.json'))),
    heads: tokenSet(text('meanings', 'heads.txt').split(/[|\n]/)),
    abbreviations: readAbbreviations(text('names', 'abbreviations.csv')),
    nameWords: {
      measuring: tokenSet(words.measuring),
      neutral: tokenSet(words.neutral),
      changing: tokenSet(words.changing),
      yesOrNo: tokenSet(words.yesOrNo),
      yesOrNoEnd: tokenSet(words.yesOrNoEnd),
      counting: tokenSet(words.counting),
      countingEnd: tokenSet(words.countingEnd),
      qualifying: tokenSet(words.qualifying),
      grouping: tokenSet(words.grouping),
      generic: tokenSet(words.generic),
    },
    patterns: createPatterns(readCodes(join(folder, 'patterns', 'codes'))),
    ...{ valueLists, listsByValue: meaningsByValue(valueLists) },
    confusable: rowsOf(text('meanings', 'confusable.csv')).map(([one = '', other = '']) => [one, other]),
    numberRanges: rowsOf(text('shapes', 'numbers.csv')).map(numberRange),
    weakForms: new Map(
      rowsOf(text('shapes', 'weak-forms.csv')).map(([name = '', strength]) => [name, Number(strength)]),
    ),
    wordKinds: wordKinds(WordKindsSchema.parse(JSON.parse(text('shapes', 'words.json')))),
    valueKinds: ValueKindsSchema.parse(JSON.parse(text('shapes', 'kinds.json'))),
    calibration: readCalibration(rowsOf(text('probability', 'weights.csv'))),
    concepts: readConcepts(
      rowsOf(text('similarity', 'synonyms.csv')),
      rowsOf(text('similarity', 'broader.csv')),
    ),
    wholeWords: tokenSet(text('names', 'whole-words.txt').split(/[|\n]/)),
    units: new Map(
      rowsOf(text('names', 'units.csv')).map(([unit = '', words = '']) => [wordsKey(unit), tokensOf(words)]),
    ),
    companions: rowsOf(text('meanings', 'companions.csv')).map(([first = '', next = '']) => [first, next]),
    typeWords: z.array(TypeWordsSchema).parse(JSON.parse(text('meanings', 'types.json'))),
  };
}

const tokenSet = (words: readonly string[]): ReadonlySet<string> => new Set(words.flatMap(tokensOf));

/** The vocabulary of this folder. */
export const bundledVocabulary = (folder: string): Vocabulary => readVocabulary(bundledText(folder));

export const bundledText = (folder: string): string =>
  readFileSync(join(folder, 'vocabulary', 'tempera.csv'), 'utf8');

function readCodes(folder: string): Codes {
  const codes = new Map(entriesOf(folder).map(([name, entries]) => [name, new Set(entries)]));
  const list = (name: string): ReadonlySet<string> => codes.get(name) ?? new Set();
  return {
    currency: list('currency'),
    country2: list('country-2'),
    country3: list('country-3'),
    language: list('language'),
  };
}

/** Most values stand in one list, and share what names it. */
function meaningsByValue(lists: Knowledge['valueLists']): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [meaning, values] of lists) {
    const alone = [meaning];
    for (const value of values) {
      const known = found.get(value);
      found.set(value, known === undefined ? alone : [...known, meaning]);
    }
  }
  return found;
}

/** Of each text file of a folder its name and its entries, which stand between | and line ends. */
function entriesOf(folder: string): [name: string, entries: string[]][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => [
      file.slice(0, -'.txt'.length),
      readFileSync(join(folder, file), 'utf8')
        .split(/[|\n]/)
        .filter((entry) => entry !== ''),
    ]);
}

function numberRange(row: readonly string[]): NumberRange {
  const [meaning = '', low, high, kind, spread, middle, deviation, weight] = row;
  const known = NUMBER_KINDS.find((each) => each === kind);
  const spreads = SPREADS.find((each) => each === spread);
  if (known === undefined || spreads === undefined)
    throw new Error(`${JSON.stringify(row.join(','))} is no range of numbers.`);
  return {
    ...{ meaning, kind: known, spread: spreads, low: Number(low), high: Number(high) },
    ...{ middle: Number(middle), deviation: Number(deviation), weight: Number(weight) },
  };
}

function readAbbreviations(text: string): Knowledge['abbreviations'] {
  return new Map(
    rowsOf(text).map(([short = '', words = '']) => [wordsKey(short), words.split('|').map(tokensOf)]),
  );
}

/** Cells of a table without quotes, its head left out. */
const rowsOf = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
