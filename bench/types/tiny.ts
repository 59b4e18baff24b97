/** A tiny copy in the layout of the ML Data Prep Zoo: columns of four classes in one table, and a table that lacks. */

import type { CopyFiles } from '../copy.ts';

const FOLDER = 'MLFeatureTypeInference/Downstream-Benchmark';
/** Numeric, categorical, date and sentence, as the benchmark numbers its classes. */
const LABELS = '[0, 1, 2, 3]';
const KINDS = ['oak', 'birch', 'maple'];
const SIGHTS = [
  'a nest high in the crown',
  'moss along the whole north side',
  'two broken branches after the storm',
];

const row = (at: number): string =>
  [
    `${((at * 7919) % 1_003) / 100 + 1}`,
    KINDS[(at * at) % KINDS.length],
    `2023-${String((at % 12) + 1).padStart(2, '0')}-${String((at % 27) + 1).padStart(2, '0')}`,
    `Walk ${at}: we saw ${SIGHTS[at % SIGHTS.length]} and ${SIGHTS[(at * 5 + 1) % SIGHTS.length]}, ${at * 3} steps on`,
    at % 3 === 0 ? 'yes' : 'no',
  ].join(',');

const LIST = `name,target,truthVector\nTrees,felled,"${LABELS}"\nLacking,target,"[0]"\n`;
const TREES = ['height,kind,planted,note,felled', ...Array.from({ length: 60 }, (_, at) => row(at))];

export const TINY_ZOO: CopyFiles = {
  [`${FOLDER}/Metadata/metadata.csv`]: LIST,
  [`${FOLDER}/datasets/trees.csv`]: `${TREES.join('\n')}\n`,
};
