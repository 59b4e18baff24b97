/** SQL of the data grid: what is shown, filtered and sorted of one table. Names and values are always quoted. */

export const FILTERS = ['contains', '=', '≠', '<', '≤', '>', '≥', 'is missing', 'is there'] as const;
export type FilterKind = (typeof FILTERS)[number];

export interface Filter {
  column: string;
  kind: FilterKind;
  value: string;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface TableView {
  table: string;
  filters: readonly Filter[];
  sort: Sort | null;
}

const OPERATORS: Record<string, string> = { '=': '=', '≠': '<>', '<': '<', '≤': '<=', '>': '>', '≥': '>=' };

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The view's rows. Equal rows keep the file's order, so that pages do not overlap. */
export function rowsQuery(view: TableView, first: number, count: number): string {
  const order = view.sort
    ? ` ORDER BY ${quoteName(view.sort.column)}${view.sort.descending ? ' DESC' : ''} NULLS LAST`
    : '';
  return `SELECT * FROM ${quoteName(view.table)}${where(view)}${order} LIMIT ${count} OFFSET ${first}`;
}

export const countQuery = (view: TableView): string =>
  `SELECT count(*) FROM ${quoteName(view.table)}${where(view)}`;

function where({ filters }: TableView): string {
  const conditions = filters.map(conditionOf);
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

function conditionOf({ column, kind, value }: Filter): string {
  const name = quoteName(column);
  if (kind === 'is missing') return `${name} IS NULL`;
  if (kind === 'is there') return `${name} IS NOT NULL`;
  if (kind === 'contains') return `contains(lower(CAST(${name} AS VARCHAR)), lower(${quoteText(value)}))`;
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  const operator = OPERATORS[kind] ?? '=';
  return isNumber
    ? `TRY_CAST(${name} AS DOUBLE) ${operator} ${Number(value)}`
    : `CAST(${name} AS VARCHAR) ${operator} ${quoteText(value)}`;
}
