/** What a clause orders, as changes of the ledger. */

import type { DecisionChange } from '../../../core/decision-changes.ts';
import type { ProblemType } from '../facts.ts';
import type { Clause, Revoked } from './clause.ts';
import type { Decided } from './decided-so-far.ts';
import { detailChanges } from './detail-changes.ts';
import { metricFits } from './metrics-named.ts';

export interface ChangedTable {
  columns: readonly string[];
  /** Those that a model may take; empty in the exploration. */
  features: readonly string[];
  target: string | null;
  /** Null while it is not known. */
  problem: ProblemType | null;
  /** Columns that order rows, as far as they are known. */
  dates?: readonly string[];
  /** Columns of text, as far as they are known. */
  texts?: readonly string[];
  decided: Decided;
}

/** `needsProblem`: a metric is ordered, and whether it fits is not known yet. */
export function changesIn(
  clause: Clause,
  table: ChangedTable,
): { changes: DecisionChange[]; needsProblem: boolean } {
  const { metric, model, revoked } = clause;
  const named = metric?.metric;
  const { problem } = table;
  // where it is not known the ledger judges
  const fits = named !== undefined && (problem === null || metricFits(named, problem));
  const changes = [
    ...targetChanges(clause, table),
    ...columnChanges(clause, table),
    ...(fits ? [{ key: 'metric', value: named }] : []),
    ...(model === null ? [] : [{ key: 'model.choice', value: model }]),
    ...rowChanges(clause, table),
    ...clause.details.flatMap((detail) => detailChanges(detail, table)),
    ...(revoked === null ? [] : revokedChanges(revoked, table)),
    ...withoutModels(clause, table),
  ];
  return { changes, needsProblem: named !== undefined && problem === null };
}

function rowChanges({ split, kinds, repeats }: Clause, table: ChangedTable): DecisionChange[] {
  return [
    ...(split === null ? [] : splitChanges(split, table)),
    ...kinds.map(({ column, kind }) => ({ key: `column.${table.decided.keyOf(column)}.kind`, value: kind })),
    ...(repeats === null ? [] : [{ key: 'rows.repeats', value: repeats }]),
  ];
}

/** Of columns that order rows the one that there is, where none is named. */
function splitChanges(
  { strategy, by }: NonNullable<Clause['split']>,
  { dates = [], problem }: ChangedTable,
): DecisionChange[] {
  const random = problem === 'regression' ? 'random' : 'stratified';
  if (strategy === 'random')
    return [
      { key: 'split.strategy', value: random },
      { key: 'split.by', value: null },
    ];
  const [only, ...others] = dates;
  const column = by ?? (others.length === 0 ? only : undefined);
  if (column === undefined) return [];
  const value = strategy === 'time' || dates.includes(column) ? 'time' : 'group';
  return [
    { key: 'split.strategy', value },
    { key: 'split.by', value: column },
  ];
}

/** True for what the ledger knows; how much to try and what to ask first it does not. */
export const isOfLedger = ({ excluded, included, only, ...one }: Clause): boolean =>
  excluded.length + included.length + only.length + one.kinds.length + one.details.length > 0 ||
  one.undo ||
  one.metric?.metric !== undefined ||
  [one.target, one.model, one.swap, one.revoked, one.split, one.repeats].some((wish) => wish !== null);

function targetChanges({ target, swap }: Clause, { decided, ...table }: ChangedTable): DecisionChange[] {
  const now = decided.valueOf('target') ?? table.target;
  const swapped = swap !== null && swap.from === now ? swap.to : null;
  const value = swapped ?? target;
  return value === null ? [] : [{ key: 'target', value }];
}

function columnChanges(
  clause: Clause,
  { columns, features, decided, ...table }: ChangedTable,
): DecisionChange[] {
  const { excluded, included, only, swap } = clause;
  const target = clause.target ?? decided.valueOf('target') ?? table.target;
  const useOf = (name: string) => `column.${decided.keyOf(name)}.use`;
  const uses = new Map<string, 'in' | 'out' | undefined>();
  const used = features.length > 0 ? new Set([...features, ...only]) : new Set(columns);
  if (only.length > 0) for (const name of used) uses.set(name, only.includes(name) ? 'in' : 'out');
  for (const name of excluded) uses.set(name, 'out');
  for (const name of included) uses.set(name, 'in');
  if (swap !== null && decided.valueOf(useOf(swap.from)) === 'out') {
    uses.set(swap.from, undefined);
    uses.set(swap.to, 'out');
  }
  uses.delete(String(target));
  return [...uses].map(([name, value]) =>
    value === undefined ? { key: useOf(name), withdraw: true } : { key: useOf(name), value },
  );
}

/** What may be decided of a column in words. */
const OF_COLUMNS = ['use', 'kind', 'missing', 'decimal', 'date_order', 'features'] as const;

/** What was said counts no more: it is left to the agent, where the person has said it. */
function revokedChanges({ columns, ...revoked }: Revoked, { decided }: ChangedTable): DecisionChange[] {
  const isIn = (key: string, values: readonly string[]) => values.includes(String(decided.valueOf(key)));
  const isTarget = revoked.target || isIn('target', columns);
  const keys = [
    ...columns.flatMap((name) => OF_COLUMNS.map((about) => `column.${decided.keyOf(name)}.${about}`)),
    ...(isIn('metric', revoked.metrics) ? ['metric'] : []),
    ...(isIn('model.choice', revoked.models) ? ['model.choice'] : []),
    ...(isTarget ? ['target'] : []),
    ...(revoked.split ? ['split.strategy', 'split.by'] : []),
    ...(revoked.repeats ? ['rows.repeats'] : []),
    ...(revoked.threshold ? ['threshold'] : []),
  ];
  return keys.filter((key) => decided.valueOf(key) !== undefined).map((key) => ({ key, withdraw: true }));
}

/** A model that is not to be tried is not the one that was chosen. */
const withoutModels = ({ withoutModels: names }: Clause, { decided }: ChangedTable): DecisionChange[] =>
  names.includes(String(decided.valueOf('model.choice'))) ? [{ key: 'model.choice', withdraw: true }] : [];
