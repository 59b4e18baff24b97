/** From series to what uPlot draws: one shared axis of steps, and for each line its band and its middle. */

import type { SeriesColumns } from './metric-series.ts';
import { smooth } from './smoothing.ts';

export interface ChartLine {
  label: string;
  /** CSS colour */
  color: string;
  /** lengths of dash and gap; none for a solid line */
  dash: number[];
  columns: SeriesColumns;
}

/** uPlot's form: the axis first, then least, greatest and middle of each line. */
export type AlignedColumns = [number[], ...(number | null | undefined)[][]];

/**
 * Joins lines whose steps differ on the union of their steps. Where a line has no value at a step it is undefined,
 * over which uPlot draws on; a gap of its own is null, at which it stops.
 */
export function alignLines(lines: readonly ChartLine[], smoothing = 0): AlignedColumns {
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return [only.columns.steps, ...columnsOf(only, smoothing)];
  const steps = unionOf(lines.map((line) => line.columns.steps));
  const place = new Map(steps.map((step, at) => [step, at]));
  const spread = lines.flatMap((line) =>
    columnsOf(line, smoothing).map((column) => {
      const wide = new Array<number | null | undefined>(steps.length);
      line.columns.steps.forEach((step, at) => {
        wide[place.get(step) ?? 0] = column[at] ?? null;
      });
      return wide;
    }),
  );
  return [steps, ...spread];
}

function columnsOf({ columns }: ChartLine, smoothing: number): (number | null)[][] {
  return [columns.min, columns.max, smooth(columns.last, smoothing)];
}

function unionOf(lists: readonly number[][]): number[] {
  const all = new Set<number>();
  for (const list of lists) for (const step of list) all.add(step);
  return [...all].sort((a, b) => a - b);
}

/** A chart's axis computes with sums and differences of what it draws: beyond this they are no numbers any more. */
const GREATEST_DRAWN = 1e300;
/** By how many powers of ten such values are drawn smaller. */
const SHIFT = 20;

/** The power of ten by which the lines' values are to be divided so that an axis can be drawn; 0 nearly always. */
export function shiftFor(lines: readonly ChartLine[]): number {
  const isBeyond = (value: number | null): boolean => value !== null && Math.abs(value) > GREATEST_DRAWN;
  const huge = lines.some(({ columns }) => columns.min.some(isBeyond) || columns.max.some(isBeyond));
  return huge ? SHIFT : 0;
}

/** `columns` with every value divided by 10 ** `shift`; the axis of steps stays. */
export function shifted([steps, ...rest]: AlignedColumns, shift: number): AlignedColumns {
  if (shift === 0) return [steps, ...rest];
  const factor = 10 ** shift;
  return [steps, ...rest.map((column) => column.map((value) => (value == null ? value : value / factor)))];
}
