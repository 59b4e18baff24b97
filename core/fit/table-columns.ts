/** Columns of two tables, as their profiles tell of them: which are the same, and which may be under another name. */

import { z } from 'zod';
import { columnKeys } from '../column-keys.ts';
import { nearestNames } from '../nearest-names.ts';

const ColumnSchema = z.looseObject({
  name: z.string(),
  type: z.string().default(''),
  kind_words: z.string().optional(),
  distinct: z.number().optional(),
  all_missing: z.boolean().optional(),
  top_values: z.array(z.looseObject({ value: z.unknown() })).optional(),
  min: z.unknown().optional(),
  max: z.unknown().optional(),
});
export type TableColumn = z.infer<typeof ColumnSchema> & { key: string };

const ProfileSchema = z.looseObject({
  columns: z.array(ColumnSchema),
  target_candidates: z.array(z.looseObject({ name: z.string() })).optional(),
});

/** A table as far as decisions can be held against it. */
export interface Table {
  columns: readonly TableColumn[];
  /** Likely targets, the likeliest first. */
  candidates: readonly string[];
  /** Names of its files, the table first. */
  files: readonly string[];
}

/** What a profile tells; no column where there is none. */
export function tableOf(dataset: { profile: unknown; files: readonly { name: string }[] }): Table {
  const read = ProfileSchema.safeParse(dataset.profile);
  const columns = read.success ? read.data.columns : [];
  const keys = columnKeys([...new Set(columns.map(({ name }) => name))]);
  return {
    columns: columns.map((column) => ({ ...column, key: keys.get(column.name) ?? '' })),
    candidates: read.success ? (read.data.target_candidates ?? []).map(({ name }) => name) : [],
    files: dataset.files.map(({ name }) => name),
  };
}

/** Of each former column the new one of its name, or of the same name written otherwise. */
export function sameColumns(former: Table, now: Table): Map<string, TableColumn> {
  const byName = new Map(now.columns.map((column) => [column.name, column]));
  const same = new Map<string, TableColumn>();
  for (const { name } of former.columns) {
    const found = byName.get(name);
    if (found) same.set(name, found);
  }
  const taken = new Set([...same.values()].map(({ name }) => name));
  const byKey = new Map(now.columns.map((column) => [column.key, column]));
  for (const { name, key } of former.columns) {
    const found = same.has(name) ? undefined : byKey.get(key);
    if (!found || taken.has(found.name)) continue;
    same.set(name, found);
    taken.add(found.name);
  }
  return same;
}

/** A column that may be a former one under another name. */
export interface LikeColumn {
  column: TableColumn;
  /** True where it holds the same kind of values, too. */
  isLikely: boolean;
}

const MOST_LIKE = 3;
/** Columns that are compared; of a very wide table the first new ones. */
const MOST_COMPARED = 2_000;

/** Columns that may be the former one, the likeliest first: by their name, else by what is in them. */
export function likeColumns(
  sought: Pick<TableColumn, 'name'> & Partial<TableColumn>,
  all: readonly TableColumn[],
): LikeColumn[] {
  const among = all.slice(0, MOST_COMPARED);
  const near = nearestNames(
    sought.name,
    among.map(({ name }) => name),
  );
  const named = near.flatMap((name) => among.filter((column) => column.name === name));
  const alike = among.filter((column) => !named.includes(column) && hasSameValues(sought, column));
  const found = [
    ...named.map((column) => ({ column, isLikely: familyOf(sought) === familyOf(column) })),
    ...alike.map((column) => ({ column, isLikely: true })),
  ];
  return found.toSorted((one, other) => Number(other.isLikely) - Number(one.isLikely)).slice(0, MOST_LIKE);
}

/** Numbers may come as whole ones today and with decimals tomorrow. */
function familyOf({ type = '' }: Partial<TableColumn>): string {
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'id' || type === 'text' ? 'text' : type;
}

/** Of the more frequent values so many have to be the same. */
const SHARED_VALUES = 0.5;
/** Fewer frequent values are shared by chance: yes and no stand in many columns. */
const FEWEST_SHARED = 3;

function hasSameValues(former: Partial<TableColumn>, now: TableColumn): boolean {
  const [before, after] = [frequent(former), frequent(now)];
  const shared = after.filter((value) => before.includes(value)).length;
  const all = new Set([...before, ...after]).size;
  return shared >= FEWEST_SHARED && shared / all >= SHARED_VALUES;
}

/** Its most frequent values as they are written; none of numbers and dates. */
export function frequent({ top_values = [] }: Partial<TableColumn>): string[] {
  return top_values.map(({ value }) => String(value));
}

/** Every value that it has; null where the profile names some of them alone. */
export function allValues(column: TableColumn): string[] | null {
  const named = frequent(column);
  return named.length > 0 && named.length === column.distinct ? named : null;
}

/** True for a column that tells nothing apart. */
export const isConstant = ({ type, distinct, all_missing }: TableColumn): boolean =>
  all_missing === true || type === 'constant' || (distinct !== undefined && distinct < 2);

export const isNumeric = ({ type }: TableColumn): boolean => type === 'integer' || type === 'number';
