/** What a decision's value may be changed to: what was weighed against it, then what the platform knows besides. */

import {
  DATE_ORDERS,
  KINDS,
  LEARNERS,
  MARKS,
  MEANINGS,
  REPEATS,
  strategiesFor,
  USES,
  waysOf,
} from '../../../../../core/decision-values.ts';
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
  /** Of a column by its key what it is, as decided or found. */
  kinds: ReadonlyMap<string, string>;
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
  knownValues(key, facts) === null && (current !== null || isBudget(key) || isList(key));

/** Texts that stand for no value: any number of any. */
const isList = (key: string): boolean => columnOf(key)?.about === 'missing';

/** The value that one which is written has the form of. */
export const formOf = ({ key, current }: Pick<KeyDecisions, 'key' | 'current'>): unknown =>
  current?.value ?? (isList(key) ? [] : undefined);

const isBudget = (key: string): boolean => key.startsWith('budget.');

/** Null where they cannot be listed. */
function knownValues(
  key: string,
  { names, kinds, files, target, problem }: TableFacts,
): readonly unknown[] | null {
  const column = columnOf(key);
  if (column !== null) return valuesOfColumn(column, kinds);
  if (key.startsWith('file.join.')) return ['leave_out'];
  const kind = PROBLEMS.find((each) => each === problem) ?? null;
  switch (key) {
    case 'target.meaning':
      return MEANINGS;
    case 'rows.left_out':
      return [[]];
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

function valuesOfColumn(
  { column, about }: { column: string; about: string },
  kinds: TableFacts['kinds'],
): readonly unknown[] | null {
  switch (about) {
    case 'use':
      return USES;
    case 'kind':
      return KINDS;
    case 'decimal':
      return MARKS;
    case 'date_order':
      return DATE_ORDERS;
    case 'currencies':
      return ['as_they_stand'];
    case 'features':
      return waysOf(kinds.get(column));
    default:
      return null;
  }
}

/** What was written, read as the value in force is: a number, a text, else JSON. Undefined where it is none. */
export function readValue(text: string, like: unknown): unknown {
  const words = text.trim();
  if (Array.isArray(like)) return readList(words);
  if (typeof like === 'string') return words === '' ? undefined : words;
  if (typeof like === 'number')
    return words !== '' && Number.isFinite(Number(words)) ? Number(words) : undefined;
  try {
    return JSON.parse(words) as unknown;
  } catch {
    return words === '' ? undefined : words; // no JSON: the words themselves
  }
}

/** JSON where it is some, else what stands between commas. */
function readList(words: string): unknown {
  if (words.startsWith('['))
    try {
      return JSON.parse(words) as unknown;
    } catch {
      return undefined; // a list that was begun and not ended
    }
  return words
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

const isPlain = (each: unknown): each is string =>
  typeof each === 'string' && each === each.trim() && each !== '' && !/[,[]/.test(each);

/** A value as it is written to be read again. */
export function writeValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined) return '';
  return Array.isArray(value) && value.every(isPlain) ? value.join(', ') : exactWords(value);
}
