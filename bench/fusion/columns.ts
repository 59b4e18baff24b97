/** Made columns and a vocabulary of a given size, the same in every run: what the classifier is measured on. */

import { join } from 'node:path';
import { type Classifier, createClassifier } from '../../classification/classifier.ts';
import type { ColumnSample } from '../../classification/column.ts';
import { bundledVocabulary, readKnowledge } from '../../classification/knowledge.ts';
import { readVocabulary } from '../../classification/vocabulary/vocabulary.ts';

const FOLDER = 'classification';
/** As many as are sampled of a column. */
const VALUES = 50;
const FIRST_WORDS = ['cust', 'patient', 'order', 'ship', 'acct', 'prod', 'emp', 'src', 'zz', 'x'];
const LAST_WORDS = [
  'eml',
  'nm',
  'dt',
  'amt',
  'cd',
  'addr',
  'city',
  'is_ok',
  'tel_no',
  'c7',
  'lat',
  'remarks',
];

/** What one column's values look like, by number. */
const KINDS: readonly ((at: number) => string)[] = [
  (at) => `person${at}@mail${at % 7}.example.com`,
  (at) => `${at * 7919}`,
  (at) => `20${10 + (at % 15)}-0${1 + (at % 9)}-1${at % 10}`,
  (at) => `note ${at}: called at noon, will come again on day ${at * 3}`,
  (at) => ['Paris', 'Rome', 'Oslo', 'Springfield', 'Lima'][at % 5] ?? '',
  (at) => `${at}e4567-e89b-12d3-a456-${at}`,
  (at) => `${(at * 1.37).toFixed(2)}`,
  (at) => `10.0.${at % 256}.${(at * 7) % 256}`,
  (at) => `AB-${at}`,
  (at) => ['DE', 'FR', 'US', 'GB', 'IT'][at % 5] ?? '',
];

/** The bundled terms, and made ones up to this many leaves. */
export function classifierOf(leaves: number): Classifier {
  const own = bundledVocabulary(FOLDER);
  const rows = [...own.terms.values()].map(({ code, label, parent, commonNames, description }) => ({
    ...{ code, label, parent_code: parent, common_names: commonNames, description },
  }));
  const made = Array.from({ length: Math.max(0, leaves - own.frame.leaves.length) }, (_, at) => ({
    ...{ code: `MADE_${at}`, label: `Made term ${at}`, parent_code: 'METADATA' },
    ...{ common_names: [`made thing ${at}`, `thing ${at} made`], description: `Thing ${at} that is made` },
  }));
  const vocabulary = readVocabulary(JSON.stringify([...rows, ...made]));
  return createClassifier(readKnowledge(join(FOLDER)), vocabulary);
}

export const columnsOf = (count: number, draw: () => number): ColumnSample[] =>
  Array.from({ length: count }, (_, at) => {
    const kind = KINDS[at % KINDS.length] ?? String;
    const [first, last] = [FIRST_WORDS, LAST_WORDS].map((list) => list[Math.floor(draw() * list.length)]);
    const from = Math.floor(draw() * 10_000);
    return {
      name: `${first}_${last}`,
      values: Array.from({ length: VALUES }, (_value, place) => kind(from + place)),
    };
  });
