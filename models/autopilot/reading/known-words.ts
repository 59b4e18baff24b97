/** Which words the reading of orders and questions knows; any other stops what it stands in. */

import * as columns from '../vocabulary/columns.ts';
import * as consent from '../vocabulary/consent.ts';
import * as corrections from '../vocabulary/corrections.ts';
import * as courtesies from '../vocabulary/courtesies.ts';
import { FORMS } from '../vocabulary/forms.ts';
import { HARMLESS } from '../vocabulary/harmless.ts';
import * as learners from '../vocabulary/learners.ts';
import * as metrics from '../vocabulary/metrics.ts';
import * as models from '../vocabulary/models.ts';
import * as moods from '../vocabulary/moods.ts';
import * as pronouns from '../vocabulary/pronouns.ts';
import * as requests from '../vocabulary/requests.ts';
import { LEAVING, THE_THRESHOLD } from '../vocabulary/revoking.ts';
import { ROW_NOUNS } from '../vocabulary/rows.ts';
import * as statements from '../vocabulary/statements.ts';
import * as targets from '../vocabulary/targets.ts';
import * as verbsWords from '../vocabulary/verbs.ts';

const LISTS = [
  ...[columns, consent, corrections, courtesies, learners, metrics, models, moods],
  ...[pronouns, requests, statements, targets, verbsWords],
].flatMap((part) => Object.values<readonly string[]>({ ...part }));

const wordsOf = (phrase: string): string[] => phrase.replaceAll(/['’]/g, '').split(/[ _-]/);

const KNOWN: ReadonlySet<string> = new Set(
  [...LISTS, HARMLESS, FORMS, ROW_NOUNS, LEAVING, THE_THRESHOLD].flat().flatMap(wordsOf),
);
const ENGLISH: ReadonlySet<string> = new Set(
  [...HARMLESS, ...verbsWords.VERBS, ...moods.ASKING].flatMap(wordsOf),
);

/** True for a word that may stand in an order. */
export const isKnownWord = (word: string): boolean => KNOWN.has(word);

/** True for a word that says that a sentence is English. */
export const isEnglishWord = (word: string): boolean => ENGLISH.has(word);
