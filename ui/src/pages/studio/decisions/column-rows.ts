/** The columns of a session's table with what was decided of each; what nobody disputed is as the upload found it. */

import { columnKeys } from '../../../../../core/column-keys.ts';
import { isToConfirm, waysOf } from '../../../../../core/decision-values.ts';
import type { ColumnProfile, TableProfile } from '../../../lib/api/types.ts';
import { formatCount, formatQuantity } from '../../../lib/format/numbers.ts';
import { missingShare } from '../data/column-profile.ts';
import { type ColumnRole, columnRoles } from './column-roles.ts';
import { reasonSentence, valueWords } from './decision-words.ts';
import { columnOf, type KeyDecisions, undecided } from './ledger.ts';

export interface ColumnRow {
  name: string;
  /** As it stands in keys of decisions. */
  key: string;
  /** `in` or `out`. */
  use: unknown;
  kind: string;
  role: ColumnRole;
  why: string;
  /** A person decided something of it. */
  byPerson: boolean;
  /** What the ledger has of it. */
  decisions: KeyDecisions[];
}

export const COLUMN_FILTERS = {
  all: 'All columns',
  decided: 'With a decision',
  out: 'Left out',
  confirm: 'To confirm',
  person: 'Decided by you',
} as const;
export type ColumnFilter = keyof typeof COLUMN_FILTERS;

/** @param profile what the upload found; null where that is not known: then those with a decision alone are there */
export function columnRows(
  profile: TableProfile | null,
  entries: ReadonlyMap<string, KeyDecisions>,
): ColumnRow[] {
  const decided = byColumn(entries.values());
  const columns = profile?.columns ?? [];
  const keys = columnKeys(columns.map(({ name }) => name));
  const known = columns.map((column) => ({ column, key: keys.get(column.name) ?? column.name }));
  const there = new Set(known.map(({ key }) => key));
  const unknown = [...decided.keys()].filter((key) => !there.has(key));
  const roles = columnRoles((key) => entries.get(key)?.current?.value);
  return [
    ...known.map(({ column, key }) =>
      rowOf({ name: column.name, key, column, rows: profile?.rows ?? 0 }, decided.get(key) ?? [], roles),
    ),
    ...unknown.map((key) => rowOf({ name: key, key, column: null, rows: 0 }, decided.get(key) ?? [], roles)),
  ];
}

/** Those whose name has the words searched for and that the filter lets through. */
export function foundColumns(
  rows: readonly ColumnRow[],
  { search, filter }: { search: string; filter: ColumnFilter },
): ColumnRow[] {
  const words = search.trim().toLowerCase();
  return rows.filter(
    (row) => (words === '' || row.name.toLowerCase().includes(words)) && passes(row, filter),
  );
}

function passes(row: ColumnRow, filter: ColumnFilter): boolean {
  if (filter === 'decided') return row.decisions.length > 0;
  if (filter === 'person') return row.byPerson;
  if (filter === 'confirm')
    return row.decisions.some(({ current }) => current !== null && isToConfirm(current));
  return filter === 'all' || isOut(row.decisions);
}

function byColumn(entries: Iterable<KeyDecisions>): Map<string, KeyDecisions[]> {
  const found = new Map<string, KeyDecisions[]>();
  for (const entry of entries) {
    const column = columnOf(entry.key)?.column;
    if (column === undefined) continue;
    const list = found.get(column);
    if (list) list.push(entry);
    else found.set(column, [entry]);
  }
  return found;
}

interface Place {
  name: string;
  key: string;
  column: ColumnProfile | null;
  rows: number;
}

function rowOf(
  { name, key, column, rows }: Place,
  decisions: KeyDecisions[],
  roles: ReadonlyMap<string, ColumnRole>,
): ColumnRow {
  const kind = inForce(decisions, 'kind');
  const role = roles.get(name) ?? roles.get(key) ?? 'feature';
  const found = column?.kind_words ?? column?.type ?? '–';
  const current = decisions.flatMap((entry) => entry.current ?? []);
  return {
    ...{ name, key, role, decisions },
    use: inForce(decisions, 'use')?.value ?? 'in',
    kind: kind === undefined ? found : valueWords(`column.${key}.kind`, kind.value),
    why: reasons(current.map(({ reason }) => reason)) || (column ? facts(column, rows) : ''),
    byPerson: current.some(({ by }) => by === 'person'),
  };
}

const inForce = (decisions: readonly KeyDecisions[], about: string) =>
  decisions.find(({ key }) => columnOf(key)?.about === about)?.current ?? undefined;

const isOut = (decisions: readonly KeyDecisions[]): boolean => inForce(decisions, 'use')?.value === 'out';

const reasons = (list: readonly string[]): string => [...new Set(list)].map(reasonSentence).join(' ');

/** What was found where nothing had to be decided. */
function facts({ distinct, missing = 0 }: ColumnProfile, rows: number): string {
  const values = distinct === undefined ? [] : [formatQuantity(distinct, 'different value')];
  return [...values, missingShare(missing, rows) || 'none missing'].join(', ');
}

/** What may be decided of a column that nobody has decided: what stands for no value, and its way to features. */
export function openOf({ key, decisions }: ColumnRow, kinds: ReadonlyMap<string, string>): KeyDecisions[] {
  const keys = [
    `column.${key}.missing`,
    ...(waysOf(kinds.get(key)).length > 1 ? [`column.${key}.features`] : []),
  ];
  return keys.filter((each) => decisions.every((decided) => decided.key !== each)).map(undecided);
}

/** What each column is, by its key: as it was decided, else as the upload found it. */
export function columnKinds(
  profile: TableProfile | null,
  held: (key: string) => unknown,
): ReadonlyMap<string, string> {
  const columns = profile?.columns ?? [];
  const keys = columnKeys(columns.map(({ name }) => name));
  return new Map(
    columns.flatMap(({ name, kind }) => {
      const key = keys.get(name) ?? name;
      const decided = held(`column.${key}.kind`);
      const found = typeof decided === 'string' ? decided : kind;
      return found === undefined ? [] : [[key, found] as const];
    }),
  );
}

/** `24 of 5,000 columns`. */
export const countWords = (shown: number, all: number): string =>
  shown === all ? formatQuantity(all, 'column') : `${formatCount(shown)} of ${formatQuantity(all, 'column')}`;
