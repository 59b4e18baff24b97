/**
 * What it takes to fuse the evidence of a column: six sources over a vocabulary of 1,000 leaves in 40 branches. Three
 * that have one origin meet by the cautious rule, then name, pattern and similarity by Dempster's, and it is decided.
 * Beside it, how many columns a second go through all sources and fusion over a vocabulary of 300 leaves.
 */

import { join } from 'node:path';
import { decide } from '../../core/evidence/belief.ts';
import { cautious } from '../../core/evidence/cautious.ts';
import { combine, conflicts } from '../../core/evidence/combine.ts';
import { type Frame, frameOf, type SetId } from '../../core/evidence/frame.ts';
import {
  type ConfusablePairs,
  confusablePairs,
  type MassFunction,
  massFunction,
  massOfCodes,
  withConfusion,
} from '../../core/evidence/mass.ts';
import { benchArguments } from '../arguments.ts';
import { finishReport, machineState, round } from '../report.ts';
import { classifierOf, columnsOf } from './columns.ts';

/** Milliseconds that the fusion of one column may take. */
const BAR_MS = 0.2;
/** Columns that are to be classified in a second, by one processor. */
const BAR_COLUMNS = 2_000;
const CLASSIFYING = 'columns a second through name, pattern, similarity, shapes and fusion at 300 leaves';
const FUSION = 'fusion of six sources, median of a column';
const BRANCHES = 40;
const LEAVES = 300;
const GROUP = 50;

/** Numbers from 0 to 1 that are the same in every run. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function vocabulary(leaves: number): Frame {
  const branches = Array.from({ length: BRANCHES }, (_, branch) => ({ code: `b${branch}`, parent: null }));
  const terms = Array.from({ length: leaves }, (_, leaf) => ({
    code: `t${leaf}`,
    parent: `b${leaf % BRANCHES}`,
  }));
  return frameOf([...branches, ...terms]);
}

interface Column {
  /** Name, pattern, similarity. */
  independent: MassFunction[];
  /** What a model said, and what two learners made of it. */
  family: MassFunction[];
}

/** Six sources that speak of a likely leaf, some others and a branch. */
function columnOf(frame: Frame, draw: () => number): Column {
  const right = Math.floor(draw() * frame.leaves.length);
  const other = (): SetId => Math.floor(draw() * frame.leaves.length);
  const spread = (count: number, most: number): MassFunction =>
    massFunction(frame, [
      [right, most * 0.6],
      ...Array.from({ length: count }, () => [other(), (most * 0.4) / count] as const),
    ]);
  return {
    independent: [
      massOfCodes(frame, { [`t${right}`]: 0.5, [`b${right % BRANCHES}`]: 0.2 }),
      massFunction(frame, [[right, 0.45]]),
      spread(20, 0.7),
    ],
    family: [spread(3, 0.9), spread(20, 0.85), spread(20, 0.8)],
  };
}

function fuse({ independent, family }: Column, pairs: ConfusablePairs): void {
  const together = [...independent, cautious(family)];
  decide(withConfusion(combine('dempster', together).mass, pairs));
  conflicts(together);
}

/** Milliseconds a column, group by group: one column is shorter than a clock's tick. */
function groupsOf<Column>(
  columns: readonly Column[],
  work: (column: Column) => void,
  times: number,
): number[] {
  const groups: number[] = [];
  for (let first = 0; first < columns.length; first += GROUP) {
    const group = columns.slice(first, first + GROUP);
    const started = performance.now();
    for (let time = 0; time < times; time += 1) for (const column of group) work(column);
    groups.push((performance.now() - started) / group.length);
  }
  return groups.sort((a, b) => a - b);
}

const at = (groups: readonly number[], share: number): number =>
  groups[Math.floor(share * (groups.length - 1))] ?? Number.NaN;

function fusionGroups(leaves: number, count: number, times: number): { groups: number[]; sets: number } {
  const frame = vocabulary(leaves);
  const draw = draws(42);
  const columns = Array.from({ length: count }, () => columnOf(frame, draw));
  const pairs = confusablePairs(
    frame,
    frame.leaves.map((code, leaf) => [code, `t${(leaf + BRANCHES) % frame.leaves.length}`]),
  );
  return { groups: groupsOf(columns, (column) => fuse(column, pairs), times), sets: frame.sets };
}

function main(): number {
  const words = benchArguments(process.argv.slice(2), {
    defaults: { leaves: 1_000, columns: 5_000 },
    smoke: { leaves: 100, columns: 100 },
  });
  const before = machineState();
  const times = words.plant ? 20 : 1;
  const count = words.number('columns');
  const { groups, sets } = fusionGroups(words.number('leaves'), count, times);
  const classifier = classifierOf(LEAVES);
  const classified = groupsOf(columnsOf(count, draws(7)), classifier.classify, times);
  return finishReport(
    {
      bench: 'fusion',
      figures: {
        'sets that the frame remembers': sets,
        'p95 of a fusion, ms': round(at(groups, 0.95)),
        'p95 of a classified column, ms': round(at(classified, 0.95)),
      },
      bars: [
        { name: FUSION, value: round(at(groups, 0.5)), bar: BAR_MS, unit: 'ms' },
        {
          ...{ name: CLASSIFYING, value: Math.round(1_000 / at(classified, 0.5)), bar: BAR_COLUMNS },
          ...{ unit: '/s', least: true },
        },
      ],
      samples: { groups, classified },
      notMeasured: [
        'In the fusion of six sources, how their evidence is found.',
        'Models, and reading a source.',
      ],
      plant: words.plant
        ? { what: 'every column goes through 20 times', breaks: [FUSION, CLASSIFYING] }
        : null,
      smoke: words.smoke ? { without: [] } : null,
    },
    before,
    join('build', 'bench'),
  );
}

process.exitCode = main();
