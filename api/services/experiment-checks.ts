/** What is wanted of a table, checked against what the upload's profile found in it. */

import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { nearestNames, offerNames, quoted } from '../../core/nearest-names.ts';
import type { Experiment, ProblemType } from '../../core/records.ts';
import { metricsFor } from '../../core/training-metrics.ts';

/** Of each column that can be a target: what the profile tells of it. A newer profile may say less. */
const ColumnSchema = z.looseObject({
  name: z.string(),
  type: z.string(),
  distinct: z.number().optional(),
  top_values: z.array(z.looseObject({ value: z.unknown() })).optional(),
});
const ProfileSchema = z.looseObject({
  rows: z.number().optional(),
  sampled_rows: z.number().optional(),
  columns: z.array(ColumnSchema),
});
type Column = z.infer<typeof ColumnSchema>;
type Profile = z.infer<typeof ProfileSchema>;

export type ExperimentSettings = Pick<
  Experiment,
  'target' | 'problem_type' | 'metric' | 'excluded_columns' | 'split_column'
>;

/** Whole numbers up to so many are taken for classes; the agents do the same. */
const MOST_NUMBERED_CLASSES = 10;

/**
 * Refuses what the table cannot give: columns that are not there, a kind of problem that the target's values do not
 * allow, a metric that is unknown or of another kind of problem. The target itself is the profile's to check.
 * @throws TemperaError INVALID_INPUT, naming the field, what is known and how to mend it
 */
export function assertSettings(settings: ExperimentSettings, file: string, stored: unknown): void {
  const profile = ProfileSchema.safeParse(stored);
  const column = profile.success
    ? profile.data.columns.find(({ name }) => name === settings.target)
    : undefined;
  if (profile.success) {
    assertColumns(settings, file, profile.data);
    if (column) assertProblem(settings, column, profile.data);
  }
  assertMetric(settings, column);
}

function assertColumns(
  { excluded_columns, split_column, target }: ExperimentSettings,
  file: string,
  profile: Profile,
) {
  const known = profile.columns.map(({ name }) => name);
  const named: [string, string][] = excluded_columns.map((name) => ['excluded_columns', name]);
  if (split_column !== null) named.push(['split_column', split_column]);
  const there = new Set(known);
  for (const [field, name] of named) {
    if (there.has(name)) continue;
    const nearest = nearestNames(name, known);
    const offer = offerNames(nearest, known, 'Its columns are');
    refuse(field, `${field}: ${file} has no column ${quoted(name)}. ${offer}`, {
      value: name.slice(0, 200),
      nearest,
      known: known.slice(0, 100),
    });
  }
  if (target !== null && excluded_columns.includes(target)) {
    refuse(
      'excluded_columns',
      `excluded_columns: ${quoted(target)} is the target. Take it out of excluded_columns, or name another target.`,
    );
  }
  const gone = new Set(excluded_columns);
  const left = known.filter((name) => name !== target && !gone.has(name));
  if (left.length === 0) {
    refuse(
      'excluded_columns',
      'excluded_columns: nothing is left to predict from. Leave at least one column beside the target.',
    );
  }
}

function assertProblem(
  { problem_type: problem }: ExperimentSettings,
  column: Column,
  profile: Profile,
): void {
  const { distinct } = column;
  const target = `the target ${quoted(column.name)}`;
  if (problem === 'regression' && !isNumeric(column)) {
    const values = (column.top_values ?? []).slice(0, 3).map(({ value }) => quoted(String(value)));
    const such = values.length > 0 ? `, such as ${values.join(', ')}` : '';
    const instead = distinct === undefined || distinct > 2 ? 'multiclass' : 'binary';
    const remedy = `Set problem_type to ${instead}, or name a target of numbers.`;
    refuse(
      'problem_type',
      `problem_type: regression needs numbers, and ${target} holds ${column.type} values${such}. ${remedy}`,
    );
  }
  if (problem === null || problem === 'regression' || distinct === undefined) return;
  const sampled = profile.sampled_rows ?? profile.rows;
  if (problem === 'binary' && distinct > 2) {
    const instead = isNumeric(column) && !isFewNumbers(column) ? 'regression' : 'multiclass';
    refuse(
      'problem_type',
      `problem_type: binary needs two values, and ${target} has ${distinct}. Set problem_type ` +
        `to ${instead}, or leave it out.`,
    );
  }
  if (problem === 'multiclass' && distinct === 2 && sampled === profile.rows) {
    refuse(
      'problem_type',
      `problem_type: multiclass needs three values or more, and ${target} has two. Set ` +
        'problem_type to binary, or leave it out.',
    );
  }
  if (problem === 'multiclass' && sampled !== undefined && distinct > sampled / 2) {
    const remedy = isNumeric(column)
      ? 'Set problem_type to regression, or leave it out.'
      : 'Name another target.';
    refuse(
      'problem_type',
      `problem_type: multiclass needs several rows of each value, and ${target} has ${distinct} ` +
        `values in ${sampled} rows. ${remedy}`,
    );
  }
}

function assertMetric({ metric, problem_type }: ExperimentSettings, column: Column | undefined): void {
  if (metric === null) return;
  const all = metricsFor(null);
  if (!all.includes(metric)) {
    const near = nearestNames(metric, all);
    const meant = near.length > 0 ? ` Did you mean ${near.map(quoted).join(' or ')}?` : '';
    const message = `metric: there is no metric ${quoted(metric)}.${meant} Known are ${all.join(', ')}.`;
    refuse('metric', message, { value: metric, nearest: near, known: all });
  }
  const problem = problem_type ?? (column ? problemOf(column) : null);
  const fitting = metricsFor(problem);
  if (fitting.includes(metric)) return;
  const given =
    problem_type !== null
      ? `problem_type is ${problem}`
      : `the target ${quoted(column?.name ?? '')} makes it a ${problem} problem`;
  const other = problem_type !== null ? '' : ', or set problem_type';
  refuse(
    'metric',
    `metric: ${metric} does not fit, for ${given}. Name one of ${fitting.join(', ')}${other}.`,
    {
      value: metric,
      known: fitting,
    },
  );
}

/**
 * The kind of problem that the agents take the column for when nothing is said; null where the profile does not
 * tell.
 */
function problemOf(column: Column): ProblemType | null {
  if (column.distinct === 2) return 'binary';
  if (!isNumeric(column)) return column.distinct === undefined ? null : 'multiclass';
  if (column.distinct === undefined) return null;
  return isFewNumbers(column) ? 'multiclass' : 'regression';
}

const isFewNumbers = ({ type, distinct }: Column): boolean =>
  type !== 'number' && (distinct ?? 0) <= MOST_NUMBERED_CLASSES;

function isNumeric({ type, top_values, min }: Column): boolean {
  if (type === 'number' || type === 'integer') return true;
  if (type === 'id') return typeof min === 'number';
  return type === 'boolean' && (top_values ?? []).every(({ value }) => Number.isFinite(Number(value)));
}

function refuse(field: string, message: string, details: Record<string, unknown> = {}): never {
  throw new TemperaError('INVALID_INPUT', message, { details: { field, ...details } });
}
