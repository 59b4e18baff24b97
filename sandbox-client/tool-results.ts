/** What the built-in tools return, checked: they describe files that came from outside. */

import { z } from 'zod';

const column = z.object({ name: z.string(), type: z.string() });
/** Of a session's table: SQL's type, and what reports call it where a plan knows the column. */
const plannedColumn = column.extend({ kind: z.string().optional(), kind_words: z.string().optional() });

export const QueryResultSchema = z.object({
  columns: z.array(column),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  cut_cells: z.array(z.object({ row: z.number(), column: z.number() })),
});

export const TablesSchema = z.object({
  tables: z.array(
    z.object({
      name: z.string(),
      rows: z.number().nullable(),
      columns: z.array(plannedColumn),
      error: z.string().optional(),
    }),
  ),
  tables_left_out: z.number(),
});

export const ColumnsSchema = z.object({
  columns: z.array(z.record(z.string(), z.unknown())),
  columns_left_out: z.number(),
});
