/** In what sessions differ, in words; how much is said as on the command line. */

export { differenceWords, STANDING_WORDS, UNPAIRED_WORDS } from '../../../../core/comparison-words.ts';

import type { ComparedSession, DifferingKey, SettledDecision } from '../../lib/api/answers.ts';
import { DECIDERS, keyWords, valueWords } from '../studio/decisions/decision-words.ts';
import { isTested } from './comparison.ts';

/** Of settings, which are no decisions. */
const SETTINGS: Readonly<Record<string, string>> = {
  agent: 'Model of the agent',
  mode: 'Mode',
  seed: 'Seed',
  data_sharing: 'Shared with the model',
};

/** `column.age.use` → age: use. */
export function differenceLabel({ key, column }: DifferingKey): string {
  if (column !== null) return `${column}: ${keyWords(key).toLowerCase()}`;
  return Object.hasOwn(SETTINGS, key) ? (SETTINGS[key] ?? key) : keyWords(key);
}

/** Of a session; a script's key may be called as something that every object has. */
export const settledOf = (
  decisions: Readonly<Record<string, SettledDecision | null>>,
  key: string,
): SettledDecision | null => (Object.hasOwn(decisions, key) ? (decisions[key] ?? null) : null);

/** What holds in a session; a dash where it is not settled yet, or not known. */
export const settledWords = (key: string, settled: SettledDecision | null | undefined): string =>
  settled ? valueWords(key, settled.value) : '–';

/** Who decided it, and what a dash means: for a title. */
export function deciderWords(settled: SettledDecision | null | undefined): string {
  if (!settled) return 'not decided yet, or not recorded';
  return settled.by === null ? 'nobody decided otherwise' : DECIDERS[settled.by].title;
}

export const decider = (settled: SettledDecision | null | undefined): string =>
  settled?.by ? DECIDERS[settled.by].words.toLowerCase() : '';

/**
 * What a session's set of test rows is to `main`, the one that most are of.
 * @param short where there is no room: the note above the table says the rest
 */
export function setWords(
  { test_rows, metrics }: Pick<ComparedSession, 'test_rows' | 'metrics'>,
  main: number | null,
  short = false,
): string {
  if (test_rows === null) return metrics.some(isTested) ? (short ? 'unknown' : 'not recorded') : '–';
  if (test_rows === main) return `set ${test_rows}`;
  return short ? `other: ${test_rows}` : `set ${test_rows}, not comparable`;
}
