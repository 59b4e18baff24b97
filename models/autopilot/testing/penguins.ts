/** The sample table as lines, and tables made of it. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The table's path. */
export const PENGUINS = join(__dirname, '../../../examples/penguins.csv');
/** Its header line and the lines after it. */
export const [header = '', ...rows] = readFileSync(PENGUINS, 'utf8').trimEnd().split('\n');

/** Writes a table as `penguins.csv` into a folder of its own and gives its path. */
export function tableOf(head: string, body: readonly string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'table-')), 'penguins.csv');
  writeFileSync(path, `${head}\n${body.join('\n')}\n`);
  return path;
}
