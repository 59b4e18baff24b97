/** Details in words: what was decided, the order that decides it, and what is asked back. */

import { listed } from '../prose.ts';
import type { Detail } from './detail.ts';

/** A detail as it is told once it holds. */
export function detailWords(detail: Detail): string {
  const { about, value, denied = false, concerned = [] } = detail;
  const columns = listed(detail.columns.length > 0 ? detail.columns : concerned, 12);
  switch (about) {
    case 'threshold':
      return `The rarer class is named from a probability of ${value} on.`;
    case 'problem':
      return `The problem is ${value === 'regression' ? 'a regression' : `a ${value} classification`}.`;
    case 'missing':
      return `${quoted(detail)} in ${columns} ${standFor(detail)} ${denied ? 'a value' : 'no value'}.`;
    case 'decimal':
      return `In ${columns || 'these columns'} the one mark before three digits ${MARK_WORDS[String(value)]}.`;
    case 'date_order':
      return `Dates${columns === '' ? '' : ` of ${columns}`} are read with the ${value} first.`;
    case 'features':
      return featureWords(columns, String(value));
    case 'texts':
      return `I leave out the columns of text${columns === '' ? '' : `: ${columns}`}.`;
    case 'lines':
      return `Lines that look like ${lineNames(detail)} are ${denied ? 'rows' : 'left out'}.`;
  }
}

const MARK_WORDS: Record<string, string> = {
  decimal: 'is the decimal mark',
  thousands: 'separates thousands',
};

const WAY_WORDS: Record<string, string> = {
  number: 'as the plain number',
  log: 'by the logarithm',
  labels: 'with one for each label',
  means: 'by the mean of the target',
  words: 'by the words',
  parts: 'by the parts: year, month, day',
  elapsed: 'by the time that has passed',
};

function featureWords(columns: string, way: string): string {
  const become = columns.includes(' and ') ? 'become' : 'becomes';
  return `${columns || 'Each column of dates'} ${become} features ${WAY_WORDS[way] ?? `by ${way}`}.`;
}

const LINE_NAMES: Record<string, string> = {
  footnote: 'footnotes',
  total: 'totals',
  unaligned: 'unaligned lines',
};

const lineNames = ({ value }: Detail): string =>
  [value]
    .flat()
    .map((name) => LINE_NAMES[String(name)] ?? name)
    .join(' and ');

const standFor = ({ value }: Detail): string =>
  Array.isArray(value) && value.length > 1 ? 'stand for' : 'stands for';

const quoted = ({ value }: Detail): string =>
  [value]
    .flat()
    .map((text) => `“${text}”`)
    .join(' and ');

/** The order that decides it, in words that are understood. */
export function detailOrder(detail: Detail): string {
  const { about, value, denied = false } = detail;
  const columns = listed(detail.columns, 12);
  switch (about) {
    case 'threshold':
      return `use a threshold of ${value}`;
    case 'problem':
      return value === 'regression' ? 'treat it as a regression problem' : `treat it as a ${value} problem`;
    case 'missing':
      return `${denied ? 'do not treat' : 'treat'} ${quoted(detail)} in ${columns} as missing`;
    case 'decimal':
      return value === 'decimal'
        ? `read the mark in ${columns} as the decimal mark`
        : `read the mark in ${columns} as the thousands separator`;
    case 'date_order':
      return columns === '' ? `read dates ${value} first` : `read ${columns} ${value} first`;
    case 'features':
      return (ORDERS[String(value)] ?? ((name) => `use ${value} of ${name}`))(columns || 'dates');
    case 'texts':
      return 'leave out text columns';
    case 'lines':
      return `${denied ? 'keep' : 'leave out'} the ${lineNames(detail)}`;
  }
}

const ORDERS: Record<string, (columns: string) => string> = {
  number: (columns) => `use ${columns} as a plain number`,
  log: (columns) => `take the logarithm of ${columns}`,
  labels: (columns) => `one-hot encode ${columns}`,
  means: (columns) => `use target encoding for ${columns}`,
  words: (columns) => `use the words of ${columns}`,
  parts: (columns) => `use the date parts of ${columns}`,
  elapsed: (columns) => `use the time since ${columns}`,
};

/** What is asked back, by what was left open. */
export const OPEN_DETAILS = {
  threshold:
    'From which probability on is the rarer class to be named? Say “use a threshold of 0.4”: a lower one finds more ' +
    'of them with more false alarms, a higher one fewer of both. Nothing changes until you say.',
  'threshold value':
    'A threshold is a probability between 0 and 1, such as 0.3 or 30 %. Nothing changes until you say which.',
  missing:
    'Which text stands for no value, and in which column? Say “treat -99 in … as missing”. Nothing changes until ' +
    'you say.',
  decimal:
    'In which column? Say “the comma in … is the decimal mark” or “the comma in … separates thousands”. Nothing ' +
    'changes until you say.',
  'date order':
    'What stands first in which column of dates? Say “… is day first” or “… is month first”. Nothing changes until ' +
    'you say.',
  features:
    'How is it to become features? Numbers plain or by their logarithm, labels one-hot, by the mean of the target or ' +
    'by their words, dates by their parts or by the time that has passed. Nothing changes until you say.',
  texts: 'I know no column of text here, so nothing changes. Name the columns that are to stay out.',
  lines:
    'Which lines are meant? I know footnotes, totals and unaligned lines. Nothing changes until you say.',
} as const;

/** What a detail leaves open that names no column where none is known for it. */
export const openOf = ({ about }: Detail): keyof typeof OPEN_DETAILS =>
  about === 'date_order' ? 'date order' : about === 'problem' ? 'features' : about;
