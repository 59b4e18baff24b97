/** A tiny copy in the layout of the Pollock benchmark: each delimiter once, with its clean version and its label. */

import type { CopyFiles } from '../copy.ts';

const NAMES = ['day', 'town', 'visitors', 'rain'];
const TOWNS = ['Kiel', 'Bremen', 'Halle', 'Jena', 'Ulm'];
const ROWS = Array.from({ length: 20 }, (_, row) => [
  `2024-03-${String(row + 1).padStart(2, '0')}`,
  TOWNS[row % TOWNS.length] ?? '',
  String(100 + ((row * 37) % 80)),
  `${row % 7}.${row % 10}`,
]);

const tableOf = (delimiter: string): string =>
  [NAMES, ...ROWS].map((cells) => `${cells.join(delimiter)}\n`).join('');

const DELIMITERS = { 'commas.csv': ',', 'semicolons.csv': ';' };

export const TINY_POLLOCK: CopyFiles = {
  'pollock_weights.json': JSON.stringify(
    Object.fromEntries(Object.keys(DELIMITERS).map((file) => [file, 1])),
  ),
  ...filesOf('polluted_files'),
  ...filesOf('survey_sample'),
};

function filesOf(set: string): CopyFiles {
  return Object.fromEntries(
    Object.entries(DELIMITERS).flatMap(([file, delimiter]) => [
      [`${set}/csv/${file}`, tableOf(delimiter)],
      [`${set}/clean/${file}`, tableOf(',')],
      [
        `${set}/parameters/${file}_parameters.json`,
        JSON.stringify({ delimiter, header_lines: 1, n_columns: NAMES.length }),
      ],
    ]),
  );
}
