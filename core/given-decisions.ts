/** What a person gave with an experiment and its session, as the first decisions of the ledger. Pure. */

import { columnKeys } from './column-keys.ts';
import { type Decision, inForce, isSettled, withdrawnKeys } from './decisions.ts';
import type { Limits } from './limits.ts';
import { type Experiment, PROBLEM_TYPES } from './records.ts';

/** A key with its value, decided by a person. */
export interface GivenDecision {
  key: string;
  value: unknown;
  reason: string;
}

type Given = Pick<
  Experiment,
  'target' | 'problem_type' | 'metric' | 'excluded_columns' | 'split_column' | 'test_file' | 'dataset'
>;

/** @param limits those that were named when the session was made */
export function givenDecisions(experiment: Given, limits: Partial<Limits>): GivenDecision[] {
  const { target, problem_type, metric, split_column, test_file } = experiment;
  const settled: [string, unknown][] = [
    ['target', target],
    ['problem', problem_type],
    ['metric', metric],
    ['split.strategy', split_column === null ? null : 'column'],
    ['split.by', split_column],
    ['split.test_file', test_file],
    ...leftOut(experiment),
    ...Object.entries(limits).map(([name, value]): [string, unknown] => [`budget.${name}`, value]),
  ];
  return settled
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ({ key, value, reason: 'it was given at the start' }));
}

function leftOut({ excluded_columns, dataset }: Given): [string, unknown][] {
  const keys = columnKeys([...new Set([...columnNames(dataset.profile), ...excluded_columns])]);
  return excluded_columns.map((name) => [`column.${keys.get(name)}.use`, 'out']);
}

/**
 * What is wanted of the table as is settled by now: by the person, or kept from another session. A session of an older
 * release has no ledger, or one that says nothing of what was given: there the experiment speaks. What was withdrawn is
 * wanted no more.
 */
export function experimentAsDecided(experiment: Experiment, ledger: readonly Decision[]): Experiment {
  const decided = new Map<string, unknown>([
    ...[...withdrawnKeys(ledger)].map((key) => [key, undefined] as const),
    ...[...inForce(ledger).values()].filter(isSettled).map(({ key, value }) => [key, value] as const),
  ]);
  const text = (key: string, given: string | null): string | null => {
    if (!decided.has(key)) return given;
    const value = decided.get(key);
    return typeof value === 'string' ? value : null;
  };
  const problem = PROBLEM_TYPES.find((type) => type === decided.get('problem')) ?? null;
  const strategy = decided.get('split.strategy');
  const column = strategy === 'column' ? text('split.by', experiment.split_column) : null;
  return {
    ...experiment,
    target: text('target', experiment.target),
    problem_type: decided.has('problem') ? problem : experiment.problem_type,
    metric: text('metric', experiment.metric),
    excluded_columns: columnsOut(experiment, decided),
    split_column: decided.has('split.strategy') ? column : experiment.split_column,
    test_file: text('split.test_file', experiment.test_file),
  };
}

/** Columns that a person has left out, by their names. */
function columnsOut(
  { dataset, excluded_columns }: Experiment,
  decided: ReadonlyMap<string, unknown>,
): string[] {
  const keys = columnKeys([...new Set([...columnNames(dataset.profile), ...excluded_columns])]);
  const given = new Set(excluded_columns);
  const isOut = (name: string, key: string) =>
    decided.has(key) ? decided.get(key) === 'out' : given.has(name);
  return [...keys].filter(([name, key]) => isOut(name, `column.${key}.use`)).map(([name]) => name);
}

/** The table's columns as its profile names them; none where it has no profile. */
export function columnNames(profile: Record<string, unknown> | null): string[] {
  const columns: unknown[] = Array.isArray(profile?.columns) ? profile.columns : [];
  return columns.flatMap((column) => {
    const { name }: { name?: unknown } = Object(column);
    return typeof name === 'string' ? [name] : [];
  });
}
