/** A tiny copy of what the benchmark reads: one table that nobody takes for anything else, and its labels. */

import type { CopyFiles } from '../copy.ts';

const HERBS = ['mint', 'thyme', 'sage'];

const LABELS = `[[table]]
name = 'herbs'
file = 'herbs.csv'
targets = ['price']
problem = ['number']
split = ['random']
[table.kinds]
'number' = ['height', 'price']
'category' = ['herb']
'boolean' = ['potted']
`;

/** Spread without a pattern that a moment or a group could be read from. */
const spread = (row: number, by: number, to: number): number => ((row * 7919 + row * row * by) % to) / 10;

const row = (at: number): string => {
  const height = 5 + spread(at, 31, 300);
  const potted = (at * at * 3 + at) % 5 < 2;
  const price = 1 + height / 8 + (potted ? 2 : 0) + spread(at, 17, 13);
  return [height.toFixed(1), HERBS[(at * at) % HERBS.length], potted ? 'yes' : 'no', price.toFixed(2)].join(
    ',',
  );
};

const TABLE = ['height,herb,potted,price', ...Array.from({ length: 120 }, (_, at) => row(at))];

export const TINY_TABLES: CopyFiles = {
  'labels/tiny.toml': LABELS,
  'tables/tiny.herbs.csv': `${TABLE.join('\n')}\n`,
};
