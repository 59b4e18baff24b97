/** Whether what was said is in a language that the offline agent does not read. */

import { OTHER_LANGUAGES } from '../vocabulary/languages.ts';
import { type ColumnNames, columnAt } from './columns-named.ts';
import { isEnglishWord } from './known-words.ts';

const OTHER = new Set(OTHER_LANGUAGES);
/** So many words of another language are no accident beside English ones. */
const SEVERAL = 2;

export type Language = 'english' | 'other' | 'either';

/** The language of a sentence by its letters and its commonest words; names of columns say nothing. */
export function languageOf(sentence: string, columns: ColumnNames): Language {
  const tokens = columns.tokens(sentence);
  let other = 0;
  let english = 0;
  for (let place = 0; place < tokens.length; ) {
    const column = columnAt(tokens, place, { columns, text: sentence });
    const word = tokens[place]?.word ?? '';
    place = column?.end ?? place + 1;
    if (column !== null) continue;
    if (isForeignScript(word)) other += SEVERAL;
    else if (OTHER.has(word)) other += 1;
    else if (isEnglishWord(word)) english += 1;
  }
  if (other >= SEVERAL && other > english / SEVERAL) return 'other';
  if (english > 0) return 'english';
  return other > 0 ? 'other' : 'either';
}

/** A word with letters that no Latin alphabet has; one alone may be a sign. */
const isForeignScript = (word: string): boolean => word.length > 1 && /[^\P{L}\p{Script=Latin}]/u.test(word);
