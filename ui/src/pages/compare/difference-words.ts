/** In what sessions differ, and by how much fold by fold, in words. */

import type {
  ComparedSession,
  DifferingKey,
  PairedDifference,
  ScoreStanding,
  SettledDecision,
  Unpaired,
} from '../../lib/api/answers.ts';
import { formatQuantity } from '../../lib/format/numbers.ts';
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

/** What the folds show of a session beside the reference. */
export function differenceWords({ shows, folds }: PairedDifference): string {
  const count = formatQuantity(folds, 'fold');
  return shows === 'nothing' ? `no difference that ${count} could show` : `${shows} on the same ${count}`;
}

export const UNPAIRED_WORDS: Readonly<Record<Unpaired, string>> = {
  no_folds: 'not cross-validated',
  unknown_folds: 'not comparable: its folds are not known',
  other_metric: 'not comparable: cross-validated by another metric',
  other_folds: 'not comparable: cross-validated on other folds',
};

/** Beside a score that may not be ranked with the others; '' for one that may. */
export const STANDING_WORDS: Readonly<Record<ScoreStanding, string>> = {
  comparable: '',
  alone: '',
  other_rows: 'not comparable: other test rows',
  other_metric: 'not comparable: another metric',
  unknown_rows: 'test rows not recorded',
};

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
