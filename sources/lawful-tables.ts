/** What a source gives, made lawful and bounded: names, types and values are somebody else's. */

import { headOf, lawfulText } from '../core/lawful-text.ts';
import type { ReferencedColumn, SampledColumn, SampledTable } from '../core/ports/column-sources.ts';

export const LONGEST_NAME = 500;
export const LONGEST_VALUE = 2_000;
const LONGEST_TYPE = 200;
const LONGEST_SENTENCE = 1_000;
const MOST_SENTENCES = 100;

export const lawfulName = (name: string): string => headOf(lawfulText(name), LONGEST_NAME);

/** The table with nothing in it that a row, a page or a model could not take; no two columns have one name. */
export function lawfulTable({ columns, left_out }: SampledTable, sampleSize: number): SampledTable {
  const names = uniqueNames(columns.map(({ name }) => name));
  const changed = columns.filter(({ name }, at) => name !== names[at]).length;
  const notes =
    changed === 0
      ? []
      : [`${changed} names of columns were too long, not lawful or repeated, and are changed.`];
  return {
    columns: columns.map((column, at) => lawfulColumn(column, names[at] ?? '', sampleSize)),
    left_out: [...left_out, ...notes]
      .slice(0, MOST_SENTENCES)
      .map((sentence) => headOf(lawfulText(sentence), LONGEST_SENTENCE)),
  };
}

function lawfulColumn(column: SampledColumn, name: string, sampleSize: number): SampledColumn {
  return {
    ...column,
    name,
    ...(column.references && { references: lawfulReference(column.references) }),
    type: headOf(lawfulText(column.type), LONGEST_TYPE),
    reservoir: column.reservoir.slice(0, sampleSize).map(lawfulValue),
  };
}

const lawfulReference = ({ table, column }: ReferencedColumn): ReferencedColumn => ({
  table: lawfulName(table),
  column: lawfulName(column),
});

const lawfulValue = (value: string): string => headOf(lawfulText(value), LONGEST_VALUE);

/** The names made lawful; of those that are the same then, the later ones are numbered. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((given) => {
    const name = lawfulName(given);
    let free = name;
    for (let number = 2; taken.has(free); number += 1)
      free = `${headOf(name, LONGEST_NAME - 12)} (${number})`;
    taken.add(free);
    return free;
  });
}

/** By code points, as object stores list names and Postgres sorts them under the collation "C". */
export const byName = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));
