/** What is decided of cells, features and the threshold, as a question about it is answered: from the ledger alone. */

import { columnKeys } from '../../../core/column-keys.ts';
import { listed } from '../prose.ts';
import type { Detail } from '../reading/detail.ts';
import { detailWords } from '../reading/detail-words.ts';
import { anyOf } from '../vocabulary/lines.ts';
import * as thresholdsWords from '../vocabulary/thresholds.ts';
import { ABOUT_DATES, ABOUT_FEATURES, ABOUT_MARKS, ABOUT_MISSING, HOW_MANY } from '../vocabulary/topics.ts';
import * as waysWords from '../vocabulary/ways.ts';
import type { Knowledge } from './knowledge.ts';
import { columnsIn } from './question-words.ts';

type About = 'threshold' | 'missing' | 'decimal' | 'date_order' | 'features';

const THRESHOLD = anyOf([...thresholdsWords.THRESHOLD, ...thresholdsWords.MORE_OR_LESS_FLAGS], 'i');
const TOPICS: readonly [RegExp, Exclude<About, 'threshold'>][] = [
  [anyOf(ABOUT_DATES, 'i'), 'date_order'],
  [anyOf(ABOUT_MARKS, 'i'), 'decimal'],
  [anyOf([...ABOUT_FEATURES, ...waysWords.WAYS.map((line) => line.split(': ')[1] ?? '')], 'i'), 'features'],
  [anyOf(ABOUT_MISSING, 'i'), 'missing'],
];
const COUNTS = anyOf(HOW_MANY, 'i');
const OF_LOSS = /\blog[ -]+(?:loss|linear)/i;
/** Decisions that are told of one question. */
const MOST_LISTED = 12;

/** What is known of it; null where the question is of something else. */
export function tellDetails(text: string, known: Knowledge): string | null {
  const named = columnsIn(text, known.table);
  if (named.length === 0 && THRESHOLD.test(text)) return tellThreshold(known);
  if (COUNTS.test(text) || OF_LOSS.test(text)) return null;
  const about = TOPICS.find(([pattern]) => pattern.test(text))?.[1];
  return about === undefined ? null : tellOf(about, named, known);
}

function tellThreshold({ decided, problem, threshold }: Knowledge): string {
  if (problem !== null && problem !== 'binary')
    return 'There is no threshold: it is of two classes alone, and the likeliest class is named here.';
  const row = decided.find(({ key }) => key === 'threshold');
  const value = Number(threshold ?? row?.value ?? 0.5);
  const by =
    row?.by === 'person'
      ? ', as you have decided'
      : row === undefined && threshold === null
        ? ', as nothing was decided otherwise'
        : '';
  return (
    `The rarer class is named from a probability of ${value} on${by}. A lower threshold finds more of it with more ` +
    `false alarms. Asking changes nothing; to have another one, say “use a threshold of ${value === 0.3 ? 0.4 : 0.3}”.`
  );
}

const NAMES: Record<Exclude<About, 'threshold'>, string> = {
  missing: 'which texts stand for no value',
  decimal: 'what a mark in numbers means',
  date_order: 'what stands first in the dates',
  features: 'how a column becomes features',
};

/** What the ledger holds of it; where it holds nothing the plan's own reading counts, which the reports tell. */
function tellOf(about: Exclude<About, 'threshold'>, named: readonly string[], known: Knowledge): string {
  const keys = [...columnKeys([...new Set(known.table.map(({ name }) => name))])];
  const some = named.length > 0 ? keys.filter(([name]) => named.includes(name)) : keys;
  const rows = some.flatMap(([name, key]) => {
    const row = known.decided.find((each) => each.key === `column.${key}.${about}`);
    return row === undefined
      ? []
      : [`${rowWords(about, name, row.value)}${row.by === 'person' ? ' You decided so.' : ''}`];
  });
  if (rows.length > 0) return rows.slice(0, MOST_LISTED).join(' ');
  const of = named.length > 0 ? `of ${listed(named, MOST_LISTED)} ` : '';
  return `Nothing was decided ${of}about ${NAMES[about]}: what the table itself shows holds, and the reports tell it.`;
}

function rowWords(about: Exclude<About, 'threshold'>, name: string, value: unknown): string {
  if (about === 'missing' && Array.isArray(value) && value.length === 0)
    return `No text of \`${name}\` stands for no value; blank cells do.`;
  const texts = Array.isArray(value) ? value.map(String) : String(value);
  const detail: Detail = { about, columns: [name], value: texts };
  return detailWords(detail);
}
