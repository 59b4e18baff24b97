/** What came back for a file: the first rows, how many there are, and what of the file the model did not use. */

import { formatQuantity } from '../../lib/format/numbers.ts';
import type { ModelFeature } from './model-requests.ts';

/** Rows that are shown before one downloads the rest. */
const SHOWN_ROWS = 5;

export interface PredictedFile {
  columns: string[];
  /** The first few. */
  rows: string[][];
  total: number;
  /** Columns that the model takes and the file lacks: they counted as missing. */
  missing: string[];
  /** Columns of the file that the model does not know: they stand in the answer and were not used. */
  unused: string[];
  /** What the platform says of the file: what it lacks, what was read otherwise, what differs from training. */
  remarks?: string[];
}

/** @param text the answer's CSV, whose added columns follow those of the file */
export function readPredicted(
  text: string,
  features: readonly ModelFeature[],
  target: string | null,
): PredictedFile {
  const [columns = [], ...rows] = parseCsv(text);
  const added = columns.lastIndexOf(`predicted_${target}`);
  const given = added === -1 ? columns : columns.slice(0, added);
  const known = new Set(features.map(({ name }) => name));
  return {
    columns,
    rows: rows.slice(0, SHOWN_ROWS),
    total: rows.length,
    missing: [...known].filter((name) => !given.includes(name)),
    unused: given.filter((name) => !known.has(name) && name !== target),
  };
}

/** The counts in words: what a person should know before trusting the file. */
export function predictedWords({ total, missing, unused, remarks = [] }: PredictedFile): string[] {
  const counted = `${formatQuantity(total, 'row')} predicted.`;
  if (remarks.length > 0) {
    const more =
      remarks.length > MOST_REMARKS ? [`And ${remarks.length - MOST_REMARKS} more of the kind.`] : [];
    return [counted, ...new Set(remarks.slice(0, MOST_REMARKS)), ...more];
  }
  const lacks = missing.length > 0 ? `Not in the file, so counted as missing: ${named(missing)}.` : '';
  const ignored = unused.length > 0 ? `In the file and not used: ${named(unused)}.` : '';
  return [counted, lacks, ignored].filter((words) => words !== '');
}

const MOST_NAMED = 8;
const MOST_REMARKS = 12;
const named = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;

/** Records of RFC 4180, as the platform writes them: quotes doubled, lines ended by a newline. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) break;
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}
