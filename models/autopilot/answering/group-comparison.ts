/** The groups that a question compares, looked up in the table, and the statement that compares them. */

import { isOthers, meansCompared, sharesCompared, sidesOf, valuesNamed } from './compared-groups.ts';
import {
  type Found,
  type LookUp,
  leftOver,
  predicatesOf,
  thresholdsOf,
  valuesFound,
  valuesOf,
} from './conditions.ts';
import { Denials } from './denials.ts';
import { MARK } from './marked-text.ts';
import { type Predicate, predicatesIn } from './predicates.ts';
import type { Question } from './question.ts';
import type { Condition, Statement } from './statement.ts';
import type { TableColumn } from './table-words.ts';
import { comparisonsIn } from './thresholds.ts';

type Comparing = { statement: Statement } | LookUp | { unknown: string[]; searched: TableColumn[] };

/** The statement, what is to be looked up before, or the words that are not understood. */
export function compareGroups(question: Question, table: readonly TableColumn[], found: Found): Comparing {
  const { compared } = question;
  const values = valuesFound(question, table, found);
  if (compared === null || 'sql' in values) return values as LookUp;
  const context = { question, table, found };
  const left = sideOf(compared.left, values.rows, context);
  if ('sql' in left) return left;
  const right = sideOf(compared.right, values.rows, context);
  if ('sql' in right) return right;
  const unknown = [...values.unknown, ...left.unknown, ...right.unknown];
  const sides = sidesOf(left.conditions, right.conditions, isOthers(compared.right));
  if (unknown.length > 0 || sides === null) return { unknown, searched: values.searched };
  if (compared.column.kind === 'number') return { statement: meansCompared(compared, sides) };
  const asked = predicatesOf([{ column: compared.column.name, polarity: 'is' }], question, found);
  if ('sql' in asked) return asked;
  const [condition] = asked.conditions;
  if (condition === undefined) return { unknown: [], searched: values.searched };
  return { statement: sharesCompared(condition, compared.more, sides) };
}

interface Context {
  question: Question;
  table: readonly TableColumn[];
  found: Found;
}

/** The rows of one side: values, thresholds and what columns say of them. */
function sideOf(
  text: string,
  rows: readonly unknown[][],
  { question, table, found }: Context,
): { conditions: Condition[]; unknown: string[] } | LookUp {
  const predicates = predicatesOn(text, question, table);
  const side = { ...question, plain: text, predicates, comparisons: [] };
  const denials = new Denials(side);
  const conditions = [
    ...thresholdsOf(comparisonsIn(text, table).comparisons),
    ...valuesOf(valuesNamed(text, rows), side, denials),
  ];
  const further = predicatesOf(
    predicates.filter(({ column }) => !conditions.some((each) => each.column === column)),
    question,
    found,
  );
  if ('sql' in further) return further;
  return {
    conditions: [...conditions, ...further.conditions],
    unknown: [...further.unclear, ...leftOver(side, denials)],
  };
}

/** Columns that tell of the rows of a side, beside the one that is compared. */
function predicatesOn(text: string, { compared }: Question, table: readonly TableColumn[]): Predicate[] {
  const columns = [...text.matchAll(MARK)].flatMap(({ 1: place }) => table[Number(place)] ?? []);
  const others = [...new Set(columns)].filter((column) => column !== compared?.column);
  const comparisons = comparisonsIn(text, table).comparisons;
  return predicatesIn(text, { columns: others, comparisons, table });
}
