/** The keys of the ledger as prompts name them: what each is and which values it may have. */

import {
  DATE_ORDERS,
  KINDS,
  LEARNERS,
  LINES,
  MARKS,
  MEANINGS,
  REPEATS,
  strategiesFor,
  USES,
  waysOf,
} from '../core/decision-values.ts';
import { PROBLEM_TYPES } from '../core/records.ts';

const any = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');

/** By key, `*` for a column's: what stands behind it in a prompt. Limits are a person's alone. */
const MEANING: Readonly<Record<string, string>> = {
  target: 'a column',
  problem: any(PROBLEM_TYPES),
  'target.meaning': `of times that had not all ended: ${any(MEANINGS)}`,
  'rows.left_out': `a list of lines that are no data: ${any(LINES)}; \`[]\`: all are rows`,
  'column.*.missing': 'a list of texts that stand for no value, such as `["-999"]`; blanks always do',
  'column.*.decimal': `what the mark before three digits means: ${any(MARKS)}`,
  'column.*.date_order': `what stands first in its dates: ${any(DATE_ORDERS)}`,
  'column.*.currencies': 'its amounts are of several currencies: `as_they_stand`',
  'file.join.*': 'a file beside the table that could be joined: `leave_out`',
  'column.*.kind': `as what it is read: ${any(KINDS)}`,
  'column.*.use': any(USES),
  'column.*.features': `how it becomes features: ${any(waysOf(undefined))}`,
  'rows.repeats': any(REPEATS),
  'split.strategy': any(strategiesFor(null)),
  'split.by': 'a column, or null',
  'split.test_file': 'a file to judge on, or null',
  metric: 'one that fits the problem',
  'model.choice': `a learner: ${any(LEARNERS)} or your own`,
  threshold: 'of two classes: the probability from which on the rarer one is named',
};

/** A line for each key, as shared.md has them in place of `{decision_keys}`. */
export const decisionKeyLines = (): string =>
  Object.entries(MEANING)
    .map(([key, meaning]) => `  - \`${key.replace('.*', '.KEY')}\`: ${meaning}`)
    .join('\n');
