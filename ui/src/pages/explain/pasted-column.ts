/** A column as it is pasted: which values and names stand in a text, and its evidence in the form that runs have. */

import type { ColumnWords, ExplainedColumn, ExplainRequest } from '../../lib/api/classification.ts';

/** As many as the platform looks at in one request. */
export const MOST_VALUES = 1_000;
const LONGEST_VALUE = 2_000;

export interface PastedEntries {
  name: string;
  values: string;
  table: string;
  siblings: string;
  vocabulary: string;
}

/**
 * One value a line; on a single line those between tabs, semicolons or commas. Cells of a spreadsheet come with tabs:
 * of several lines the first cell counts.
 */
export function pastedValues(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const [only] = lines;
  const parted =
    lines.length === 1 && only !== undefined ? cellsOf(only) : lines.map((line) => line.split('\t')[0] ?? '');
  return parted
    .map((value) => value.trim())
    .filter((value) => value !== '')
    .slice(0, MOST_VALUES)
    .map((value) => value.slice(0, LONGEST_VALUE));
}

function cellsOf(line: string): string[] {
  const sign = ['\t', ';', ','].find((each) => line.includes(each));
  if (sign === undefined) return [line];
  // what holds a sign stands in quotes, in which quotes stand twice
  const cells = line.match(new RegExp(`("(?:[^"]|"")*"|[^${sign}]*)(?:${sign}|$)`, 'g')) ?? [];
  return cells.map((cell) => {
    const bare = cell.endsWith(sign) ? cell.slice(0, -1) : cell;
    const quoted = /^\s*"(.*)"\s*$/s.exec(bare);
    return quoted ? (quoted[1] ?? '').replaceAll('""', '"') : bare;
  });
}

/** By field, as sentences. */
export function pastedErrors({ name, values }: PastedEntries): Partial<Record<'name' | 'values', string>> {
  return {
    ...(name.trim() === '' ? { name: 'Give the column’s name.' } : {}),
    ...(pastedValues(values).length === 0 ? { values: 'Paste some of its values, one a line.' } : {}),
  };
}

export function explainRequest(entries: PastedEntries): ExplainRequest {
  const { name, values, table, siblings, vocabulary } = entries;
  const others = siblings.split(/[\t\n\r,;]+/).map((each) => each.trim());
  const named = others.filter((each) => each !== '').slice(0, MOST_VALUES);
  return {
    ...{ name: name.trim(), values: pastedValues(values), vocabulary_id: vocabulary },
    ...(table.trim() === '' ? {} : { table: table.trim() }),
    ...(named.length === 0 ? {} : { siblings: named }),
  };
}

/** @param values that were sent */
export function explainedWords(explained: ExplainedColumn, values: readonly string[]): ColumnWords {
  const { prediction, cautious, patterns, value_lists: lists, review_reasons: reasons } = explained;
  const { belief, plausibility, probability, sources, fused, contains, conflicts, likely, change } =
    explained;
  return {
    column: {
      ...{ predicted_code: prediction?.code ?? null, predicted_label: prediction?.label ?? null },
      predicted_path: prediction?.path.join(' › ') ?? null,
      ...{ cautious_code: cautious?.code ?? null, belief, plausibility, probability },
      type: explained.column.type ?? '',
    },
    sample: {
      total_count: null,
      null_count: null,
      distinct_count: explained.column.values,
      values: [...values],
    },
    signals: [...patterns, ...lists].filter(({ matched }) => matched > 0),
    ...{ reasons, sources, fused, contains, conflicts, likely, change, llm: null },
  };
}
