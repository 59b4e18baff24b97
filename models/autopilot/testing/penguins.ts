/** The sample table as lines, and tables made of it. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './folders.ts';

/** The table's path. */
export const PENGUINS = join(__dirname, '../../../examples/penguins.csv');
/** Its header line and the lines after it. */
export const [header = '', ...rows] = readFileSync(PENGUINS, 'utf8').trimEnd().split('\n');

/** Writes a table into a folder of its own and gives its path. */
export function tableOf(head: string, body: readonly string[], name = 'penguins.csv'): string {
  const path = join(makeFolder('table'), name);
  writeFileSync(path, `${head}\n${body.join('\n')}\n`);
  return path;
}
