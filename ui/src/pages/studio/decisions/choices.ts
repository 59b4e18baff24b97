/** What a decision's value may be changed to: what was weighed against it, then what the platform knows besides. */

import { KINDS, LEARNERS, REPEATS, strategiesFor, USES } from '../../../../../core/decision-values.ts';
import { metricsFor } from '../../../../../core/training-metrics.ts';
import { exactWords, PROBLEMS, valueWords } from './decision-words.ts';
import { columnOf, type KeyDecisions } from './ledger.ts';

export interface Choice {
  /** Tells values apart. */
  id: string;
  value: unknown;
  words: string;
  /** What it would change; '' where nobody said. */
  changes: string;
  /** It was weighed against the value in force. */
  weighed: boolean;
}

export interface TableFacts {
  /** Names of the table's columns. */
  names: readonly string[];
  /** Names of the files beside it. */
  files: readonly string[];
  target: unknown;
  problem: unknown;
}

export const choiceId = (value: unknown): string => JSON.stringify(value) ?? 'null';

/** The value in force comes first; '' is none where nothing was decided. */
export function choicesOf(
  { key, current }: Pick<KeyDecisions, 'key' | 'current'>,
  facts: TableFacts,
): Choice[] {
  const alternatives = current?.alternatives ?? [];
  const weighed = alternatives.map((each) => ({ ...each, weighed: true }));
  const known = (knownValues(key, facts) ?? []).map((value) => ({ value, changes: '', weighed: false }));
  const found = new Map<string, Choice>();
  for (const each of [...weighed, ...known]) {
    const id = choiceId(each.value);
    if (!found.has(id)) found.set(id, { ...each, id, words: valueWords(key, each.value) });
  }
  if (current) found.delete(choiceId(current.value));
  return [...found.values()];
}

/** The first `most` whose words have what was typed in them. */
export function foundChoices(choices: readonly Choice[], typed: string, most: number): Choice[] {
  const words = typed.trim().toLowerCase();
  const found: Choice[] = [];
  for (const choice of choices) {
    if (choice.words.toLowerCase().includes(words)) found.push(choice);
    if (found.length === most) break;
  }
  return found;
}

/** True where any value may be tried, because the scripts that decided it judge it. */
export const isFree = ({ key, current }: Pick<KeyDecisions, 'key' | 'current'>, facts: TableFacts): boolean =>
  knownValues(key, facts) === null && (current !== null || isBudget(key));

const isBudget = (key: string): boolean => key.startsWith('budget.');

/** Null where they cannot be listed. */
function knownValues(key: string, { names, files, target, problem }: TableFacts): readonly unknown[] | null {
  const column = columnOf(key);
  const kind = PROBLEMS.find((each) => each === problem) ?? null;
  if (column?.about === 'use') return USES;
  if (column?.about === 'kind') return KINDS;
  switch (key) {
    case 'target':
      return names;
    case 'problem':
      return PROBLEMS;
    case 'metric':
      return metricsFor(kind);
    case 'split.strategy':
      return strategiesFor(kind);
    case 'split.by':
      return [null, ...names.filter((name) => name !== target)];
    case 'split.test_file':
      return [null, ...files];
    case 'rows.repeats':
      return REPEATS;
    case 'model.choice':
      return LEARNERS;
    default:
      return null;
  }
}

/** What was written, read as the value in force is: a number, a text, else JSON. Undefined where it is none. */
export function readValue(text: string, like: unknown): unknown {
  const words = text.trim();
  if (typeof like === 'string') return words === '' ? undefined : words;
  if (typeof like === 'number')
    return words !== '' && Number.isFinite(Number(words)) ? Number(words) : undefined;
  try {
    return JSON.parse(words) as unknown;
  } catch {
    return words === '' ? undefined : words; // no JSON: the words themselves
  }
}

/** A value as it is written to be read again. */
export const writeValue = (value: unknown): string =>
  typeof value === 'number' ? String(value) : value === null || value === undefined ? '' : exactWords(value);
