/**
 * What of the ledger an agent's brief lists. What a person decided the person said, and it is told as it is. What a
 * script decided may be a cell of the table, under any key: it is told where it is a word of ours or, but with `none`,
 * the name of a column. No reason and no evidence is told, which may quote cells.
 */

import { columnKeys } from './column-keys.ts';
import { DATE_ORDERS, MARKS, MEANINGS, waysOf } from './decision-values.ts';
import { type Decider, type Decision, inForce, withdrawnKeys } from './decisions.ts';
import { columnNames } from './given-decisions.ts';
import { LEARNER_TITLES } from './learners.ts';
import { type Experiment, PROBLEM_TYPES } from './records.ts';
import { metricsFor } from './training-metrics.ts';

/** A decision as an agent's brief lists it. */
export interface SharedDecision {
  key: string;
  value: unknown;
  by: Decider;
  /** True for what was kept from another session: it holds as a person's does. */
  inherited?: boolean;
  /** The person had decided it and has left it to the agent again. */
  withdrawn?: true;
}

/** Decisions about columns that are listed; the names of those that stay out stand in the brief all the same. */
const MOST_COLUMNS = 200;
const COLUMN = /^column\.([^.]+)\.(use|kind|features|decimal|date_order)$/u;
const WORDS: ReadonlySet<unknown> = new Set<unknown>([
  ...PROBLEM_TYPES,
  ...metricsFor(null),
  ...[
    'random',
    'stratified',
    'group',
    'time',
    'time_and_group',
    'column',
    'file',
    'drop',
    'keep',
    'in',
    'out',
  ],
  ...[...Object.keys(LEARNER_TITLES), 'category', 'text', 'number', null],
  ...[...waysOf(undefined), ...MARKS, ...DATE_ORDERS, ...MEANINGS],
]);
const OF_WORDS = /^(problem|target\.meaning|metric|split\.strategy|rows\.repeats|model\.choice)$/;
const OF_NAMES = /^(target|split\.by)$/;

/** What is in force, as far as an agent may be told. */
export function sharedDecisions(
  ledger: readonly Decision[],
  { data_sharing, dataset }: Pick<Experiment, 'data_sharing' | 'dataset'>,
): SharedDecision[] {
  const names = data_sharing === 'none' ? [] : columnNames(dataset.profile);
  const known = { names: new Set<unknown>(names), keys: new Set(columnKeys([...new Set(names)]).values()) };
  const listed = [...inForce(ledger).values()]
    .filter((decision) => decision.by === 'person' || isHarmless(decision, known))
    .map(
      ({ key, value, by, inherited_from }): SharedDecision => ({
        key,
        value,
        by,
        ...(inherited_from !== null && { inherited: true }),
      }),
    );
  for (const key of withdrawnKeys(ledger)) listed.push({ key, value: null, by: 'person', withdrawn: true });
  const ofColumns = listed.filter(({ key }) => COLUMN.test(key));
  return [...listed.filter(({ key }) => !COLUMN.test(key)), ...ofColumns.slice(0, MOST_COLUMNS)];
}

function isHarmless(
  { key, value }: Decision,
  { names, keys }: { names: ReadonlySet<unknown>; keys: ReadonlySet<string> },
): boolean {
  const column = COLUMN.exec(key)?.[1];
  if (column !== undefined) return keys.has(column) && WORDS.has(value);
  if (OF_NAMES.test(key)) return value === null || names.has(value);
  return OF_WORDS.test(key) && WORDS.has(value);
}
