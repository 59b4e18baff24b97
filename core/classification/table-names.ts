/**
 * A table's name as its source gives it. Of a file it has folders and an ending, which tell tables apart and stay in
 * the keys of runs and reviews, and are no words of its name.
 */

import { DATABASE_ENDINGS, PACKED_ENDINGS, TABLE_ENDINGS } from '../table-files.ts';

export interface TableNameParts {
  /** With the last `/`. */
  folders: string;
  stem: string;
  /** With its dot. */
  ending: string;
  /** Within the file, with its `#`: a sheet, a member of an archive. */
  part: string;
}

const oneOf = (endings: readonly string[]): string =>
  endings.map((ending) => ending.replace('.', '\\.')).join('|');
const PACKED = oneOf(PACKED_ENDINGS);
const FILE = new RegExp(
  `^(.*/)?([^/]+?)((?:${oneOf([...TABLE_ENDINGS, ...DATABASE_ENDINGS])})(?:${PACKED})?|${PACKED})(#.*)?$`,
  'is',
);

/** Of a name that is no file's all is the stem. */
export function tableNameParts(name: string): TableNameParts {
  const [, folders = '', stem = name, ending = '', part = ''] = FILE.exec(name) ?? [];
  return { folders, stem, ending, part };
}

/** What of the name says what the table is about. */
export function tableWords(name: string): string {
  const { stem, part } = tableNameParts(name);
  return part === '' ? stem : `${stem} ${tableNameParts(part.slice(1)).stem}`;
}
