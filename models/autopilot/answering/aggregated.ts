/** What the numbers of columns come to: means, extremes, sums, correlations. */

import { counted, number } from '../prose.ts';
import { AGGREGATES, type Question } from './question.ts';
import { cellWords, type Limits, quoted, type Statement } from './statement.ts';
import type { TableColumn } from './table-words.ts';

/** Means, extremes and the like of the numbers that are asked about, in each group where there is one. */
export function aggregatesOf(question: Question, { where, among }: Limits): Statement {
  const numbers = question.subjects.filter((column) => column.kind !== 'category').slice(0, 5);
  const selected = numbers.flatMap(({ name }) =>
    question.aggregates.map((aggregate) => ({ name, aggregate })),
  );
  const cells = selected.map(({ name, aggregate }) => `${AGGREGATES[aggregate]}(${quoted(name)})`).join(', ');
  const group = question.group === null ? null : quoted(question.group.name);
  const have = numbers.map(({ name }) => `count(${quoted(name)})`).join(', ');
  const tellRow = (values: unknown[]) =>
    `${selected
      .map(({ name, aggregate }, at) => `the ${aggregate} of \`${name}\` is ${number(values[at])}`)
      .join(', ')} (${haveWords(numbers, values.slice(selected.length))})`;
  if (group === null)
    return {
      sql: `select ${cells}, ${have} from dataset${where}`,
      tell: ([row = []]) => `In the upload${among} ${tellRow(row)}.`,
    };
  const { order: by } = question;
  const order = by === null ? '1' : `2 ${by} nulls last, 1`;
  const first = by === null ? '' : `, the ${by === 'asc' ? 'lowest' : 'highest'} first`;
  return {
    sql: `select ${group} as value, ${cells}, ${have} from dataset${where} group by 1 order by ${order} limit 20`,
    tell: (rows) => {
      const groups = rows.map(([value, ...rest]) => `${cellWords(value)}: ${tellRow(rest)}`);
      return `By \`${question.group?.name}\` in the upload${among}${first}: ${groups.join('; ')}.`;
    },
  };
}

/** How many rows have a value: of the others nothing is told. */
function haveWords(columns: readonly TableColumn[], counts: readonly unknown[]): string {
  const each = columns.map(({ name }, place) => {
    const rows = counted(Number(counts[place]), 'row');
    const words = `${rows} ${Number(counts[place]) === 1 ? 'has' : 'have'}`;
    return columns.length === 1 ? `${words} a value` : `${words} \`${name}\``;
  });
  return each.join(', ');
}

export function correlationOf(question: Question, { where, among }: Limits): Statement | null {
  const [left, right] = question.columns.filter((column) => column.kind === 'number');
  if (!left || !right) return null;
  return {
    sql: `select corr(${quoted(left.name)}, ${quoted(right.name)}) as r from dataset${where}`,
    tell: ([[r] = [] as unknown[]]) =>
      `The correlation (Pearson’s r) of \`${left.name}\` and \`${right.name}\` in the upload${among} is ${number(r)}.`,
  };
}
