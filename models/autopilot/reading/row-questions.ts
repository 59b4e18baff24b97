/** Questions about rows that no word of asking opens: "average fare by class", "the 5 cheapest", "under 18". */

import * as comparisonsWords from '../vocabulary/comparisons.ts';
import { oneOf } from '../vocabulary/lines.ts';
import * as measures from '../vocabulary/measures.ts';
import * as questions from '../vocabulary/questions.ts';
import { ROW_NOUNS } from '../vocabulary/rows.ts';

const FORMS = measures.ADJECTIVES.map((line) => line.split(' '));
const BASES = FORMS.flatMap(([base = '']) => base);
const SUPERLATIVES = FORMS.flatMap(([, , form = '-']) => (form === '-' ? [] : [form]));
const UNEQUAL = [
  comparisonsWords.AT_LEAST,
  comparisonsWords.AT_MOST,
  comparisonsWords.ABOVE,
  comparisonsWords.BELOW,
].flat();
const NUMBER = `(?:-?\\d|${oneOf(measures.NUMBER_WORDS.map((line) => line.split(' ')[0] ?? ''))}\\b)`;
const THRESHOLD = `(?:between ${NUMBER}|${oneOf(UNEQUAL)} ?${NUMBER})`;
const RANKED =
  `(?:${NUMBER}\\d* )?(?:${oneOf(SUPERLATIVES)}|${oneOf([...measures.MOST, ...measures.LEAST])} ${oneOf(BASES)})\\b` +
  `|${oneOf([...measures.FIRST_OF, ...measures.LAST_OF])} ${NUMBER}`;
const OF_ROWS = new RegExp(`^\\W*(?:the )?(?:${oneOf(questions.OF_NUMBERS)}\\b|${RANKED})`, 'i');
const TOP = new RegExp(`^\\W*(?:the )?${oneOf([...measures.FIRST_OF, ...measures.LAST_OF])} ${NUMBER}`, 'i');
const OF_SOME = new RegExp(
  `^\\W*(?:${oneOf([...ROW_NOUNS, ...measures.BEFORE_A_THRESHOLD])} ){0,3}${THRESHOLD}`,
  'i',
);
const BEGINS = new RegExp(`^\\W*${THRESHOLD}`, 'i');
const COMPARED = new RegExp(`^\\W*${oneOf(measures.COMPARING)}\\b.* than\\b`, 'i');

/** True for a text that asks for numbers, for some rows, or whether one group has more than another. */
export const asksOfRows = (text: string): boolean =>
  OF_ROWS.test(text) || OF_SOME.test(text) || COMPARED.test(text);

/** True for a text that begins with a threshold. */
export const beginsWithThreshold = (text: string): boolean => BEGINS.test(text);

/** True for one that asks for the first rows of an order: "top 5 by fare". */
export const asksForRanked = (text: string): boolean => TOP.test(text);

/** True for one that asks for rows by a threshold alone. */
export const asksForRows = (text: string): boolean => OF_SOME.test(text);
