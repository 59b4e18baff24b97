/** What people say to the agent, as data, and stages that hear it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelMessage } from '../../../core/ports/model.ts';
import { NO_WISHES, type Wishes } from '../reading/wishes.ts';

const FOLDER = join(__dirname, '../../../tests/sessions/sentences');

/** A sentence, what it is, and what is to come of it. */
export interface Spoken {
  table: string;
  /** What was said before. */
  before: string[];
  kind: string;
  /** change, answer, offer, ask, unknown, language, courtesy or none, joined by "+". */
  outcome: string[];
  changes: string[];
  /** Words of the reply. */
  reply: string[];
  sentence: string;
}

/** The sentences of a file of tests/sessions/sentences. */
export function spokenIn(file: string): Spoken[] {
  const [, ...lines] = readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [table = '', before = '', kind = '', outcome = '', changes = '', reply = '', sentence = ''] =
      line.split('\t');
    return {
      table,
      before: listOf(before, ' ').map(orderFor),
      kind,
      outcome: outcome.split('+'),
      changes: listOf(changes, ' '),
      reply: listOf(reply, ', '),
      sentence,
    };
  });
}

const listOf = (cell: string, mark: string): string[] => (cell === '-' ? [] : cell.split(mark));

function orderFor(change: string): string {
  const [what, value = ''] = change.split(':');
  const [column = '', detail = ''] = value.split('=');
  if (what === 'threshold') return `use a threshold of ${value}.`;
  if (what === 'missing') return `treat ${detail} as missing in ${column}.`;
  if (what === 'date_order') return `${column} is ${detail} first.`;
  if (what === 'features') return `take the ${detail} of ${column}.`;
  return `${what === 'out' ? 'leave out' : 'use'} ${value.replace('_', ' ')}.`;
}

export interface SpokenTable {
  target: string;
  columns: readonly (readonly [name: string, kind: 'number' | 'category' | 'text' | 'date'])[];
  /** Columns that the exploration leaves out, with the reason. */
  leftOut: Record<string, string>;
}

/** Tables that the sentences are about. */
export const SPOKEN_TABLES: Readonly<Record<string, SpokenTable>> = {
  titanic: {
    target: 'survived',
    columns: [
      ['passenger_id', 'number'],
      ['survived', 'category'],
      ['pclass', 'category'],
      ['name', 'text'],
      ['sex', 'category'],
      ['age', 'number'],
      ['sibsp', 'number'],
      ['parch', 'number'],
      ['ticket', 'text'],
      ['fare', 'number'],
      ['cabin', 'category'],
      ['embarked', 'category'],
    ],
    leftOut: {
      passenger_id: 'it numbers the rows',
      name: 'nearly every row has its own',
      ticket: 'nearly every row has its own',
      cabin: 'most of it is missing',
    },
  },
  penguins: {
    target: 'species',
    columns: [
      ['species', 'category'],
      ['island', 'category'],
      ['bill_length_mm', 'number'],
      ['bill_depth_mm', 'number'],
      ['flipper_length_mm', 'number'],
      ['body_mass_g', 'number'],
      ['sex', 'category'],
      ['year', 'number'],
    ],
    leftOut: {},
  },
  rentals: {
    target: 'paid_late',
    columns: [
      ['tenant_id', 'number'],
      ['sex', 'category'],
      ['age', 'number'],
      ['income', 'number'],
      ['moved_in', 'date'],
      ['city', 'category'],
      ['agency', 'category'],
      ['rent', 'number'],
      ['debt', 'number'],
      ['notes', 'text'],
      ['paid_late', 'category'],
    ],
    leftOut: { tenant_id: 'it numbers the rows' },
  },
};

export const namesOf = ({ columns }: SpokenTable): string[] => columns.map(([name]) => name);

const found = (findings: unknown): string =>
  `exit: ok\nstdout:\n=== findings ===\n${JSON.stringify(findings)}\n=== end of findings ===`;

/** An exploration that has measured the table and then hears the words. */
export function explorationHears(
  table: SpokenTable,
  words: readonly string[],
  given: Record<string, unknown> = {},
): ModelMessage[] {
  const { target, columns, leftOut } = table;
  const listed = columns.map(([name, kind]) => ({ name, kind, distinct: 10, flags: [] }));
  const read = { file: 'table.csv', format: 'csv', header: true };
  const profile = { read, rows: 400, column_count: columns.length, columns: listed };
  const split = { strategy: 'stratified', by: null, because: 'no row belongs to another' };
  const measured = {
    leaks: {},
    suspects: [],
    strongest: [],
    continuous: 2,
    problem_type: target === 'species' ? 'multiclass' : 'binary',
    meaning: 'classes',
    meaning_because: 'it has few values',
    split,
    left_out: leftOut,
  };
  const facts = { stage: 'eda', files: ['table.csv'], target, ...given };
  return [
    brief(facts),
    ...scriptOf('eda_profile', profile),
    ...scriptOf('eda_relations', measured),
    ...wordsOf(words),
  ];
}

/** The words one by one, the agent's answer between them. */
function wordsOf(words: readonly string[]): ModelMessage[] {
  return words.flatMap((text, place): ModelMessage[] => [
    ...(place === 0
      ? []
      : [{ role: 'assistant' as const, content: [{ type: 'text' as const, text: 'Noted.' }] }]),
    { role: 'user', content: [{ type: 'text', text }] },
  ]);
}

/** A training that has looked at the splits and then hears the words. */
export function trainingHears(
  table: SpokenTable,
  words: readonly string[],
  metric = 'roc_auc',
): ModelMessage[] {
  const { target, leftOut } = table;
  const features = namesOf(table).filter((name) => name !== target && leftOut[name] === undefined);
  const splits = {
    problem_type: target === 'species' ? 'multiclass' : 'binary',
    target,
    metric,
    features: features.length,
    feature_names: features,
    dropped_names: Object.keys(leftOut),
    transformed: 12,
    by_time: false,
    size: 'small',
  };
  const facts = { stage: 'train', files: ['table.csv'], target };
  return [brief(facts), ...scriptOf('train_look', splits), ...wordsOf(words)];
}

const brief = (facts: unknown): ModelMessage => ({
  role: 'user',
  content: [{ type: 'text', text: `\`\`\`json facts\n${JSON.stringify(facts)}\n\`\`\`` }],
});

function scriptOf(name: string, findings: unknown): ModelMessage[] {
  const input = { code: `# playbook ${name} 0123456789ab\n` };
  return [
    { role: 'assistant', content: [{ type: 'tool_use', id: name, name: 'execute_code', input }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: name, content: found(findings) }] },
  ];
}

/** Names of measures in the sentences, where the wishes have another. */
const MEASURES: Record<string, string> = { f1: 'f1_macro' };

/** A change of the data as the wishes have it. */
export function asWished(change: string): string {
  const [what, value = ''] = change.split(':');
  return what === 'metric' ? `metric:${MEASURES[value] ?? value}` : change;
}

/** What became other between two readings, as the data write changes. */
export function changesBetween(before: Wishes, after: Wishes): string[] {
  const was = statesOf(before);
  const is = statesOf(after);
  const made = [...is].filter((state) => !was.has(state));
  const back = [...was].filter((state) => state.startsWith('out:') && !is.has(state));
  const brought = back.map((state) => state.replace('out:', 'in:'));
  const lost = [...was].filter(
    (state) => !state.startsWith('out:') && !is.has(state) && !replaced(state, is),
  );
  return [...new Set([...made, ...brought, ...lost.map((state) => `no ${state}`)])].sort();
}

/** True where another value stands in its place. */
const replaced = (state: string, is: ReadonlySet<string>): boolean =>
  /^(?:metric|target|learner|pace|split_\w+|repeats):/.test(state) &&
  [...is].some((other) => other.split(':')[0] === state.split(':')[0]);

/** The wishes as the data write changes. */
export function statesOf(wishes: Wishes): Set<string> {
  const { excluded, included, only, metric, target, model, withoutModels, effort, split, kinds, repeats } = {
    ...NO_WISHES,
    ...wishes,
  };
  const one = (what: string, value: string | null) => (value === null ? [] : [`${what}:${value}`]);
  return new Set([
    ...excluded.map((name) => `out:${name}`),
    ...included.map((name) => `in:${name}`),
    ...one('only', only === null ? null : only.join(',')),
    ...one('metric', metric),
    ...one('target', target),
    ...one('learner', model),
    ...withoutModels.map((name) => `not_learner:${name}`),
    ...one('pace', effort),
    ...one(`split_${split?.strategy === 'group' ? 'by' : split?.strategy}`, split && (split.by ?? '')),
    ...Object.entries(kinds).map(([name, kind]) => `kind:${name}=${kind}`),
    ...one('repeats', repeats),
  ]);
}
