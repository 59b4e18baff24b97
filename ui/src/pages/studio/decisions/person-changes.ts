/** What a person has decided otherwise than the experiment asked: it is marked wherever it shows. */

import { columnKeys } from '../../../../../core/column-keys.ts';
import type { Decision, Experiment } from '../../../lib/api/types.ts';
import { choiceId } from './choices.ts';
import { keyWords, valueWords } from './decision-words.ts';
import { columnOf } from './ledger.ts';

type Asked = Pick<
  Experiment,
  'target' | 'problem_type' | 'metric' | 'excluded_columns' | 'split_column' | 'test_file' | 'dataset'
>;

/** Those in force that a person made in the session; limits decide nothing of a result. */
export function personChanges(items: readonly Decision[], experiment: Asked | null): Decision[] {
  const asked = experiment === null ? new Map<string, unknown>() : valuesAsked(experiment);
  return items.filter(
    ({ by, key, value }) =>
      by === 'person' && !key.startsWith('budget.') && choiceId(asked.get(key) ?? null) !== choiceId(value),
  );
}

function valuesAsked(experiment: Asked): Map<string, unknown> {
  const { target, problem_type, metric, split_column, test_file, excluded_columns } = experiment;
  const keys = keysOf(experiment);
  return new Map<string, unknown>([
    ['target', target],
    ['problem', problem_type],
    ['metric', metric],
    ['split.strategy', split_column === null ? null : 'column'],
    ['split.by', split_column],
    ['split.test_file', test_file],
    ...excluded_columns.map((name): [string, unknown] => [`column.${keys.get(name)}.use`, 'out']),
  ]);
}

const keysOf = ({
  dataset,
  excluded_columns,
}: Pick<Asked, 'dataset' | 'excluded_columns'>): Map<string, string> =>
  columnKeys([
    ...new Set([...(dataset.profile?.columns.map(({ name }) => name) ?? []), ...excluded_columns]),
  ]);

/** A note names so many. */
const NAMED = 4;

/** `Metric: recall, cabin: left out and 3 more`. */
export function changesWords(changes: readonly Decision[], experiment: Asked | null): string {
  const keys = experiment === null ? new Map<string, string>() : keysOf(experiment);
  const names = new Map([...keys].map(([name, key]) => [key, name]));
  const words = changes.slice(0, NAMED).map(({ key, value }) => {
    const column = columnOf(key)?.column;
    return `${column === undefined ? keyWords(key) : (names.get(column) ?? column)}: ${valueWords(key, value)}`;
  });
  const more = changes.length - NAMED;
  return words.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** By name of a column, what a person decided of it. */
export function changedColumns(changes: readonly Decision[], experiment: Asked | null): Map<string, string> {
  if (experiment === null) return new Map();
  const ofKeys = new Map<string, string[]>();
  for (const { key, value } of changes) {
    const column = columnOf(key)?.column;
    if (column === undefined) continue;
    ofKeys.set(column, [...(ofKeys.get(column) ?? []), valueWords(key, value)]);
  }
  return new Map(
    [...keysOf(experiment)].flatMap(([name, key]) => {
      const words = ofKeys.get(key);
      return words === undefined ? [] : [[name, words.join(', ')] as const];
    }),
  );
}
