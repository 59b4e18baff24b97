/** Decisions of a session while they are fitted to another table: by key, with what columns were called. Pure. */

import type { Decision } from '../decisions.ts';
import type { StartedDecision } from '../started-decisions.ts';
import type { TableColumn } from './table-columns.ts';

export type Inherited = Pick<Decision, 'key' | 'value' | 'by' | 'stage' | 'reason' | 'to_confirm'> & {
  /** True for what an answer has added: the person's own. */
  isNew?: boolean;
};

/** By key. */
export type InheritedLedger = ReadonlyMap<string, Inherited>;

/** What an answer does to a decision: another one in its place, or none. */
export interface Effect {
  key: string;
  to: { key: string; value: unknown } | null;
}

const COLUMN = /^column\.([^.]+)\.([a-z_]+)$/u;
/** Values that are words of ours, also where a column is called so. */
const OF_WORDS = /^(problem|metric|split\.strategy|rows\.repeats|model\.choice|budget\..*|column\..*)$/;

/** The key of the column that a decision is about; null for one about something else. */
export const columnOf = (key: string): string | null => COLUMN.exec(key)?.[1] ?? null;

export const aboutOf = (key: string): string => COLUMN.exec(key)?.[2] ?? key;

/** Whether a decision's value names the column. */
export function namesColumn({ key, value }: Pick<Inherited, 'key' | 'value'>, name: string): boolean {
  if (OF_WORDS.test(key)) return false;
  if (typeof value === 'string') return value === name;
  if (Array.isArray(value)) return value.some((each) => namesColumn({ key, value: each }, name));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([field, each]) => field === name || namesColumn({ key, value: each }, name),
  );
}

/** The value with a column's name in place of another one. */
export function withName(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') return value === from ? to : value;
  if (Array.isArray(value)) return value.map((each) => withName(each, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, each]) => [field === from ? to : field, withName(each, from, to)]),
  );
}

/** Tells which columns a ledger is about or names, at once for thousands of them. */
export function concernedBy(ledger: InheritedLedger): (column: Pick<TableColumn, 'name' | 'key'>) => boolean {
  const keys = new Set([...ledger.keys()].map(columnOf));
  const names = new Set(
    [...ledger.values()].filter(({ key }) => !OF_WORDS.test(key)).flatMap(({ value }) => wordsOf(value)),
  );
  return ({ name, key }) => keys.has(key) || names.has(name);
}

/** Every text of a value, and what its fields are called. */
function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, each]) => [field, ...wordsOf(each)]);
}

/** What of the ledger is about a column or names it. */
export function concerning(
  ledger: InheritedLedger,
  { name, key }: Pick<TableColumn, 'name' | 'key'>,
): Inherited[] {
  return [...ledger.values()].filter(
    (inherited) => columnOf(inherited.key) === key || namesColumn(inherited, name),
  );
}

/** Another column in place of the one that the decisions are about. */
export function renamed(
  concerned: readonly Inherited[],
  from: Pick<TableColumn, 'name' | 'key'>,
  to: Pick<TableColumn, 'name' | 'key'>,
): Effect[] {
  return concerned.map(({ key, value }) => ({
    key,
    to:
      columnOf(key) === from.key
        ? { key: `column.${to.key}.${aboutOf(key)}`, value }
        : { key, value: withName(value, from.name, to.name) },
  }));
}

export const dropped = (keys: readonly string[]): Effect[] => keys.map((key) => ({ key, to: null }));

/** The ledger after an answer. What it changes is to be confirmed where nobody has given the answer. */
export function applied(
  ledger: InheritedLedger,
  effects: readonly Effect[],
  toConfirm: boolean,
): InheritedLedger {
  const after = new Map(ledger);
  for (const { key, to } of effects) {
    const inherited = after.get(key);
    after.delete(key);
    if (to === null) continue;
    const base = inherited ?? {
      by: 'person',
      stage: null,
      reason: 'it was answered',
      to_confirm: false,
      isNew: true,
    };
    after.set(to.key, { ...base, ...to, to_confirm: base.to_confirm || toConfirm });
  }
  return after;
}

export function startedFrom(session: string, { isNew = false, ...inherited }: Inherited): StartedDecision {
  return { ...inherited, inherited_from: isNew ? null : session };
}
