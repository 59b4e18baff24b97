/** Shapes of texts: names of people, addresses, codes with their beginnings, sentences. */

import { ofTexts, type Shape } from './shape.ts';

export interface KnownWords {
  firstNames: ReadonlySet<string>;
  lastNames: ReadonlySet<string>;
}

const STREET_WORDS = [
  ...['street', 'st', 'avenue', 'ave', 'road', 'rd', 'lane', 'ln', 'drive', 'dr', 'boulevard', 'blvd', 'way'],
  ...['court', 'ct', 'place', 'square', 'terrace', 'rue', 'via', 'calle', 'avenida', 'plaza', 'gasse', 'weg'],
  ...['platz', 'allee', 'laan', 'straat', 'ulica'],
];
const STREET = new RegExp(`\\b(?:${STREET_WORDS.join('|')})\\b|stra(?:ß|ss)e\\b|str\\.`, 'iu');
const COMPANY_ENDS = [
  ...[
    'inc',
    'ltd',
    'llc',
    'llp',
    'plc',
    'corp',
    'corporation',
    'company',
    'co',
    'gmbh',
    'ag',
    'kg',
    'se',
    'sa',
  ],
  ...['sarl', 'srl', 'spa', 'bv', 'nv', 'ab', 'oy', 'oyj', 'as', 'group', 'holdings?', 'bank', 'partners'],
  ...['industries', 'limited', 'university', 'institute', 'foundation'],
];
const COMPANY = new RegExp(`\\b(?:${COMPANY_ENDS.join('|')})\\.?$`, 'iu');
const FILE_ENDS = [
  ...[
    'txt',
    'csv',
    'tsv',
    'json',
    'xml',
    'yaml',
    'yml',
    'html?',
    'pdf',
    'docx?',
    'xlsx?',
    'pptx?',
    'odt',
    'ods',
  ],
  ...[
    'png',
    'jpe?g',
    'gif',
    'svg',
    'webp',
    'tiff?',
    'bmp',
    'mp[34]',
    'wav',
    'avi',
    'mov',
    'zip',
    'gz',
    'tar',
    '7z',
  ],
  ...[
    'log',
    'md',
    'sql',
    'py',
    'js',
    'ts',
    'java',
    'sh',
    'exe',
    'dll',
    'bak',
    'parquet',
    'ini',
    'conf',
    'db',
  ],
];
const FILE = new RegExp(`^[\\p{L}\\d][\\p{L}\\d _().-]{0,80}\\.(?:${FILE_ENDS.join('|')})$`, 'iu');
const SENTENCE_WORDS = 4;
const LONG_TEXT = 80;

const wordsOf = (text: string): string[] => text.split(/\s+/u);

/** Words of a name without a title; null for what is not written as one. */
function nameWords(text: string): string[] | null {
  const words = text.replace(/^(?:mr|mrs|ms|miss|dr|prof)\.? /iu, '').split(/[\s,]+/u);
  const isName =
    words.length >= 2 && words.length <= 4 && words.every((word) => /^\p{Lu}[\p{L}.'’-]*$/u.test(word));
  return isName ? words.map((word) => word.toLowerCase()) : null;
}

/** No list has all names: where some of a column's are known, those that are written like them are taken for names. */
const KNOWN_NAMES = 0.3;

const personNames = ({ firstNames, lastNames }: KnownWords): Shape => ({
  ...{ name: 'person_name', title: 'a first and a last name' },
  countIn({ texts }) {
    const written = texts.flatMap((text) => {
      const words = nameWords(text);
      return words === null ? [] : [words];
    });
    const known = written.filter(
      (words) => words.some((word) => firstNames.has(word)) || lastNames.has(words.at(-1) ?? ''),
    );
    return known.length >= KNOWN_NAMES * written.length ? written.length : 0;
  },
});

const isAddress = (text: string): boolean => /\d/.test(text) && STREET.test(text);
const isSentence = (text: string): boolean =>
  text.length >= LONG_TEXT ||
  (wordsOf(text).length >= SENTENCE_WORDS && /[a-z]{3}/.test(text) && !/^\d/.test(text));

/** The most telling first: a column has the first one that most of its values have. */
export const textShapes = (known: KnownWords): Shape[] => [
  ofTexts(
    'blood_pressure',
    'two numbers with a stroke, as blood pressure is written',
    /^(?:[6-9]\d|1\d\d|2[0-4]\d)\/(?:[3-9]\d|1[0-4]\d)$/,
  ),
  ofTexts('card_expiry', 'month and year with a stroke', /^(?:0[1-9]|1[0-2])\/(?:\d\d|20\d\d)$/),
  ofTexts(
    'diagnosis_code',
    'a letter, two digits and a part behind a dot',
    /^[A-TV-Z]\d[0-9A-B](?:\.\d{1,3})?$/,
  ),
  ofTexts(
    'drug_code',
    'digits in three parts, as packages of drugs are numbered',
    /^\d{4,5}-\d{3,4}-\d{1,2}$/,
  ),
  ofTexts('tracking_number', 'a number of a parcel', /^(?:1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2})$/),
  ofTexts('international_phone', 'digits behind a plus', /^\+\d{1,3}[ ().\d/-]{6,18}$/),
  ofTexts(
    'national_phone',
    'digits as telephone numbers are parted',
    /^(?:\(\d{2,5}\) ?|\d{3}[-. ])\d{3}[-. ]?\d{4}$/,
  ),
  ofTexts('handle', 'a name behind an @', /^@[A-Za-z0-9_.]{2,30}$/),
  ofTexts(
    'full_address',
    'a street with its number and a place',
    (text) => isAddress(text) && text.includes(','),
  ),
  ofTexts('street_address', 'a street with its number', isAddress),
  personNames(known),
  ofTexts(
    'company',
    'a name that ends as firms are called',
    (text) => COMPANY.test(text) && /^\p{Lu}/u.test(text),
  ),
  ofTexts('file_name', 'a name with the ending of a file', FILE),
  ofTexts(
    'host_name',
    'words and numbers with strokes between, as machines are called',
    /^[a-z]{2,}\d*(?:-[a-z0-9]+)*-\d{1,4}$/,
  ),
  ofTexts('yes_or_no', 'yes or no, in words', /^(?:yes|no|true|false|y|n|t|f)$/i),
  ofTexts('prefixed_code', 'a beginning of letters with a number behind', /^[A-Za-z]{1,5}[-_#]?\d{3,14}$/),
  ofTexts(
    'parted_code',
    'letters and numbers in parts',
    /^(?=.*\d)(?=.*[A-Z])[A-Z0-9]{2,}(?:[-/][A-Z0-9]{1,})+$/,
  ),
  ofTexts(
    'serial_code',
    'capital letters and digits in one word',
    /^(?=(?:.*\d){2})(?=.*[A-Z])[A-Z0-9]{7,20}$/,
  ),
  ofTexts('sentence', 'several words, as in a sentence', isSentence),
];
