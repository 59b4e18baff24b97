/**
 * Names and labels as words: parted at what is no letter or digit, at a change to upper case, between letters and
 * digits; without accents and case, in the singular. Names are compared by whole words, never by parts of them.
 */

const LONGEST_NAME = 200;
const MOST_TOKENS = 24;

const BORDERS =
  /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu;

/** A column's name is asked for by each that reads it, a table's with each of its columns. */
const MOST_REMEMBERED = 500;
const remembered = new Map<string, readonly string[]>();

/** The words of a name as it is written, before abbreviations are known. */
export function tokensOf(name: string): readonly string[] {
  const head = name.slice(0, LONGEST_NAME);
  const known = remembered.get(head);
  if (known !== undefined) return known;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const tokens = partedName(head);
  remembered.set(head, tokens);
  return tokens;
}

function partedName(name: string): string[] {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC');
  return plain
    .replace(BORDERS, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '')
    .slice(0, MOST_TOKENS)
    .map(singular);
}

/** One key for all ways to write the same words: `e-mail`, `E_MAIL`, `eMails`. */
export const wordsKey = (text: string): string => tokensOf(text).join('');

/** English plurals; a word that is none may change too, and does so wherever it stands. */
function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.slice(0, -1);
}
