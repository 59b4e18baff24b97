/** What keys, values, deciders and standings of decisions are called. */

import type { Decider, Decision, ProblemType, Standing } from '../../../lib/api/types.ts';
import { formatCost, formatExact, formatNumber } from '../../../lib/format/numbers.ts';
import { formatDuration } from '../../../lib/format/times.ts';
import { learnerName } from '../metrics/learners.ts';

const KEYS: Readonly<Record<string, string>> = {
  target: 'Target',
  problem: 'Kind of prediction',
  'target.meaning': 'Times that had not ended',
  'rows.left_out': 'Rows left out',
  'rows.repeats': 'Repeated rows',
  'split.strategy': 'Split',
  'split.by': 'Split by',
  'split.test_file': 'Test file',
  features: 'Features',
  metric: 'Metric',
  'model.choice': 'Model',
  threshold: 'Threshold',
  'budget.turns': 'Turns for each stage',
  'budget.cost': 'Cost of the session',
  'budget.tokens': 'Tokens of the session',
  'budget.time': 'Time for each stage',
};
/** In which keys of a stage are shown. */
export const KEY_ORDER: readonly string[] = Object.keys(KEYS);

/** Of `column.{key}.…`. */
const COLUMN_KEYS: Readonly<Record<string, string>> = {
  use: 'Use',
  kind: 'Kind',
  missing: 'Stands for no value',
  decimal: 'Mark before three digits',
  date_order: 'First in its dates',
  currencies: 'Currencies',
  features: 'Features',
};

const PROBLEM_WORDS: Readonly<Record<ProblemType, string>> = {
  binary: 'two classes',
  multiclass: 'several classes',
  regression: 'a number',
};
export const PROBLEMS = Object.keys(PROBLEM_WORDS) as readonly ProblemType[];

/** As reports call them. */
const KIND_WORDS: Readonly<Record<string, string>> = {
  integer: 'whole number',
  number: 'number',
  count: 'count',
  money: 'amount of money',
  percent: 'percentage',
  duration: 'duration',
  date: 'date',
  datetime: 'date with time',
  time: 'time of day',
  year: 'year',
  boolean: 'yes or no',
  category: 'category',
  ordinal: 'ordered category',
  identifier: 'identifier',
  code: 'code',
  text: 'text',
  list: 'list of values',
  record: 'record',
  coordinates: 'coordinates',
  constant: 'one value only',
  empty: 'empty',
};

/** By the last part of a key. */
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  problem: PROBLEM_WORDS,
  strategy: {
    random: 'at random',
    stratified: 'stratified: each part with the same shares of the classes',
    group: 'by groups: rows of one stay together',
    time: 'forward in time',
    time_and_group: 'forward in time, rows of a group together',
    column: 'as a column says',
    file: 'a file of its own as the test',
  },
  kind: KIND_WORDS,
  use: { out: 'left out', in: 'used' },
  repeats: { drop: 'left out', keep: 'kept' },
  left_out: { footnote: 'notes below the table', total: 'totals', unaligned: 'lines that fit no column' },
  meaning: { observed_only: 'left out', as_number: 'taken as if they had ended' },
  decimal: { decimal: 'marks decimals', thousands: 'marks thousands' },
  date_order: { day: 'the day', month: 'the month' },
  currencies: { as_they_stand: 'compared as they stand' },
  features: {
    number: 'the number as it is',
    log: 'its logarithm',
    labels: 'one for each common value',
    means: 'the target’s mean over each value',
    words: 'what its words say',
    parts: 'parts of the date and the time passed',
    elapsed: 'the time passed alone',
  },
};

export const DECIDERS: Readonly<Record<Decider, { words: string; title: string }>> = {
  person: { words: 'You', title: 'A person decided it.' },
  agent: { words: 'Agent', title: 'The agent decided it.' },
  rule: { words: 'Rule', title: 'A fixed rule of the platform decided it from the data.' },
  default: { words: 'Default', title: 'Nothing spoke for another value.' },
};

export const STANDINGS: Readonly<Record<Standing, string>> = {
  in_force: 'in force',
  superseded: 'superseded',
  proposed: 'proposed, its step still runs',
  dropped: 'dropped, its step did not end well',
  former: 'of a former run',
  stale: 'out of date, a stage before it ran again',
  yielded: 'yielded to a decision made before',
  unfit: 'not possible with this table, decided anew',
  queued: 'waits for the end of the stage that runs',
  withdrawn: 'left to the agent again',
};

/** `split.by` → Split by; a key that is not known is read as words: `model.max_depth` → Model: max depth. */
export function keyWords(key: string): string {
  const about = /^column\.[^.]+\.([a-z_]+)$/u.exec(key)?.[1];
  const known = about === undefined ? KEYS[key] : COLUMN_KEYS[about];
  return known ?? sentenceCase((about ?? key).replaceAll('.', ': ').replaceAll('_', ' '));
}

/** A list names so many of its values. */
const LISTED = 6;

/** A value as people say it. */
export function valueWords(key: string, value: unknown): string {
  if (key === 'budget.cost' && typeof value === 'number') return formatCost(value);
  if (key === 'budget.time' && typeof value === 'number') return formatDuration(value * 1_000);
  if (value === '') return 'empty';
  if (key === 'model.choice' && typeof value === 'string') return learnerName(value);
  if (typeof value === 'string') return VALUES[key.split('.').at(-1) ?? '']?.[value] ?? value;
  if (Array.isArray(value)) return listWords(key, value);
  return plainWords(value);
}

/** What a row says: its value, or that it leaves the choice to the agent. */
export const rowWords = ({ key, value, withdraws }: Pick<Decision, 'key' | 'value' | 'withdraws'>): string =>
  withdraws ? 'the agent decides' : valueWords(key, value);

/** The whole of a value, for its title: every digit, every item. */
export function exactWords(value: unknown): string {
  if (typeof value === 'number') return formatExact(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listWords(key: string, values: readonly unknown[]): string {
  if (values.length === 0) return 'none';
  const more = values.length - LISTED;
  const shown = values.slice(0, LISTED).map((each) => valueWords(key, each));
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function plainWords(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? formatNumber(value) : JSON.stringify(value);
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A reason as a sentence of its own. */
export function reasonSentence(reason: string): string {
  const text = sentenceCase(reason.trim());
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}
