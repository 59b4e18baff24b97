/** What a new experiment and its first session are asked for, and what they send. */

import { columnKeys } from '../../../../core/column-keys.ts';
import { strategiesFor } from '../../../../core/decision-values.ts';
import { metricsFor } from '../../../../core/training-metrics.ts';
import type { ColumnProfile, DataSharing, Limits, ProblemType, TableProfile } from '../../lib/api/types.ts';
import { formatCount } from '../../lib/format/numbers.ts';

export interface DraftFields {
  name: string;
  target: string;
  problemType: ProblemType | '';
  /** '' leaves each of these to the agent. */
  metric: string;
  split: SplitWay | '';
  /** The column that the split goes by, where it goes by one. */
  splitBy: string;
  instructions: string;
  excluded: readonly string[];
  /** By name of a column, what it is to be read as in place of what was found. */
  kinds: Readonly<Record<string, string>>;
  sharing: DataSharing;
  model: string;
  limits: Limits;
}

/** How rows are dealt to training and test. */
export const SPLITS = [
  { value: 'random', label: 'At random' },
  { value: 'group', label: 'By groups: rows of one stay together' },
  { value: 'time', label: 'Forward in time' },
  { value: 'column', label: 'As a column says: train or test' },
] as const;
export type SplitWay = (typeof SPLITS)[number]['value'];

/** True where a column says which rows belong together, come first, or are the test. */
export const goesByColumn = (split: DraftFields['split']): boolean =>
  split === 'group' || split === 'time' || split === 'column';

export const DEFAULT_LIMITS: Limits = { turns: 30, tokens: 2_000_000, cost: 20, time: 7_200 };

export const EXAMPLES: readonly { label: string; text: string }[] = [
  {
    label: 'Explain before you predict',
    text:
      'Spend the report on what drives the target. Prefer a model that can be explained over ' +
      'one that is a little better.',
  },
  {
    label: 'Beat a number',
    text: 'We have a model with a balanced accuracy of 0.85. Try to beat it, and say plainly if you cannot.',
  },
  {
    label: 'Mind the leaks',
    text:
      'Some columns may be known only after the outcome. Look for leakage, drop what leaks, ' +
      'and list what you dropped and why.',
  },
];

export const SHARING: readonly { value: DataSharing; label: string; tells: string }[] = [
  { value: 'values', label: 'Values', tells: 'The model may see cells: example rows, categories, extremes.' },
  { value: 'aggregates', label: 'Aggregates', tells: 'The model sees counts, means and types, never a row.' },
  { value: 'none', label: 'Nothing', tells: 'The model sees column names and types alone.' },
];

export type FieldErrors = Partial<
  Record<'name' | 'target' | 'instructions' | 'metric' | 'splitBy' | keyof Limits, string>
>;

/** Characters of a name and of instructions, as the platform takes them. */
const MOST = { name: 200, instructions: 16_000 };
const tooLong = (text: string, most: number): string | null =>
  text.length > most ? `It has ${formatCount(text.length)} characters; at most ${formatCount(most)}.` : null;

/** What must be mended before it can be sent, by field. */
export function fieldErrors(fields: DraftFields, columns: readonly ColumnProfile[]): FieldErrors {
  const errors: FieldErrors = {};
  if (fields.name.trim() === '') errors.name = 'Give it a name.';
  const long = tooLong(fields.name.trim(), MOST.name);
  if (long) errors.name = long;
  const much = tooLong(fields.instructions.trim(), MOST.instructions);
  if (much) errors.instructions = much;
  if (fields.target !== '' && !columns.some(({ name }) => name === fields.target)) {
    errors.target = `The table has no column ${fields.target}.`;
  } else if (fields.excluded.includes(fields.target)) {
    errors.target = 'The target is excluded. Take it in again, or choose another.';
  }
  Object.assign(errors, decisionErrors(fields, columns));
  const { turns, tokens, cost, time } = fields.limits;
  if (!(Number.isInteger(turns) && turns >= 1 && turns <= 200))
    errors.turns = 'A whole number from 1 to 200.';
  if (!(Number.isInteger(tokens) && tokens >= 1)) errors.tokens = 'A whole number above 0.';
  if (!(cost >= 0)) errors.cost = 'Dollars, 0 or more.';
  if (!(time >= 1)) errors.time = 'At least a second.';
  return errors;
}

/** Of what is decided beforehand about training and test. */
function decisionErrors(fields: DraftFields, columns: readonly ColumnProfile[]): FieldErrors {
  const errors: FieldErrors = {};
  const { metric, split, splitBy, target, problemType } = fields;
  if (metric !== '' && !metricsFor(problemType || null).includes(metric))
    errors.metric = `${metric} does not fit this kind of prediction.`;
  if (!goesByColumn(split)) return errors;
  if (!columns.some(({ name }) => name === splitBy)) errors.splitBy = 'Choose the column.';
  else if (splitBy === target) errors.splitBy = 'The target cannot deal the rows.';
  return errors;
}

const LABELS: Readonly<Record<keyof FieldErrors, string>> = {
  name: 'Name',
  target: 'Target',
  instructions: 'Instructions',
  metric: 'Metric',
  splitBy: 'Column of the split',
  cost: 'Cost',
  time: 'Hours for each stage',
  turns: 'Turns for each stage',
  tokens: 'Tokens',
};

/** Why it cannot be started yet, in one sentence; '' when it can. */
export function obstacleOf(errors: FieldErrors): string {
  const [first, ...rest] = Object.entries(errors);
  if (!first) return '';
  const [field, message] = first;
  const label = Object.entries(LABELS).find(([name]) => name === field)?.[1] ?? field;
  const more = rest.length > 0 ? ` And ${rest.length} more.` : '';
  return `To start, mend ${label}: ${message.charAt(0).toLowerCase()}${message.slice(1)}${more}`;
}

type TargetProfile = Pick<TableProfile, 'suggested_target' | 'target_candidates'>;

/** Why a target was suggested, as people say it. */
const reasonWords = (reason: string): string => reason.replace(/ with 0 missing$/, ', none missing');

/** What is said under the target: why the suggested one was, and what else is likely. */
export function targetHint(
  { suggested_target: suggested, target_candidates: likely = [] }: TargetProfile,
  target: string,
): string | undefined {
  if (target === '') return 'The agent will choose one and say why.';
  if (!suggested) return undefined;
  const why = reasonWords(suggested.reason);
  const others = likely.filter(({ name }) => name !== suggested.name && name !== target);
  const also = others.map(({ name, reason }) => `${name} (${reasonWords(reason)})`).join(', ');
  const first = suggested.name === target ? `Suggested: ${why}` : `Suggested was ${suggested.name}: ${why}`;
  return also === '' ? first : `${first}. Also likely: ${also}`;
}

/** The experiment's fields as POST /api/experiments takes them; what is empty is left out. */
export function experimentFields(fields: DraftFields): Record<string, unknown> {
  return {
    name: fields.name.trim(),
    data_sharing: fields.sharing,
    ...(fields.target === '' ? {} : { target: fields.target }),
    ...(fields.problemType === '' ? {} : { problem_type: fields.problemType }),
    ...(fields.metric === '' ? {} : { metric: fields.metric }),
    ...(fields.split === 'column' ? { split_column: fields.splitBy } : {}),
    ...(fields.instructions.trim() === '' ? {} : { instructions: fields.instructions.trim() }),
    ...(fields.excluded.length === 0 ? {} : { excluded_columns: [...fields.excluded] }),
  };
}

/** The same as a form with both files, the table first. */
export function experimentForm(fields: DraftFields, table: File, test: File): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(experimentFields(fields))) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  form.append('test_file', test.name);
  form.append('file', table, table.name);
  form.append('file', test, test.name);
  return form;
}

/** The first session's body: all three stages, one after the other, with what is decided from the start. */
export function sessionBody(
  fields: DraftFields,
  columns: readonly Pick<ColumnProfile, 'name'>[],
): Record<string, unknown> {
  const { model, limits, kinds } = fields;
  const keys = columnKeys(columns.map(({ name }) => name));
  const ofKinds = Object.entries(kinds).map(([name, value]) => ({
    key: `column.${keys.get(name)}.kind`,
    value,
  }));
  const decisions = [...ofKinds, ...splitDecisions(fields)];
  return {
    ...{ mode: 'auto', limits },
    ...(model === '' ? {} : { model }),
    ...(decisions.length === 0 ? {} : { decisions }),
  };
}

/** A column that says which rows are the test is asked of the experiment itself. */
function splitDecisions({ split, splitBy, problemType }: DraftFields): { key: string; value: unknown }[] {
  if (split === '' || split === 'column') return [];
  // rows that are dealt at random keep the shares of classes, where there are classes
  const [plain] = strategiesFor(problemType || null);
  const strategy = { key: 'split.strategy', value: split === 'random' ? plain : split };
  return goesByColumn(split) ? [strategy, { key: 'split.by', value: splitBy }] : [strategy];
}
