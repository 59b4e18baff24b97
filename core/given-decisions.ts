/** What a person gave with an experiment and its session, as the first decisions of the ledger. Pure. */

import { columnKeys } from './column-keys.ts';
import type { Limits } from './limits.ts';
import type { Experiment } from './records.ts';

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

/** The table's columns as its profile names them; none where it has no profile. */
export function columnNames(profile: Record<string, unknown> | null): string[] {
  const columns: unknown[] = Array.isArray(profile?.columns) ? profile.columns : [];
  return columns.flatMap((column) => {
    const { name }: { name?: unknown } = Object(column);
    return typeof name === 'string' ? [name] : [];
  });
}
