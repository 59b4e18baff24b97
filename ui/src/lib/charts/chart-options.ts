/** uPlot's options for a chart of lines with their bands. */

import type uPlot from 'uplot';
import { formatNumber, powerOfTen } from '../format/numbers.ts';
import type { ChartLine } from './chart-lines.ts';

export interface ChartTheme {
  ink: string;
  hairline: string;
  font: string;
}

export interface ChartOptionsInput {
  lines: readonly ChartLine[];
  width: number;
  height: number;
  logarithmic: boolean;
  /** The power of ten by which what is drawn is smaller than what it stands for. */
  shift: number;
  /** Charts of one key move their cursors together. */
  syncKey: string;
  theme: ChartTheme;
  onZoom: (from: number, to: number) => void;
  onCursor: (place: number | null) => void;
}

/** Columns as of `alignLines`: for each line least, greatest, middle. */
export function chartOptions(input: ChartOptionsInput): uPlot.Options {
  const { lines, width, height, logarithmic, shift, syncKey, theme, onZoom, onCursor } = input;
  const axis = {
    stroke: theme.ink,
    font: theme.font,
    grid: { stroke: theme.hairline, width: 1 },
    ticks: { show: false },
    size: 28,
  };
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: {
      sync: { key: syncKey },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      y: false,
    },
    scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1, log: 10 } },
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map(formatNumber) },
      {
        ...axis,
        size: 52,
        values: (_plot, ticks) => ticks.map((tick) => tickText(tick, shift)),
      },
    ],
    series: [{}, ...lines.flatMap(seriesOf)],
    bands: lines.map(({ color }, at) => ({ series: [at * 3 + 2, at * 3 + 1], fill: withAlpha(color, BAND) })),
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < 4) return;
          onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + wide, 'x'));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

function seriesOf({ label, color, dash, columns }: ChartLine): uPlot.Series[] {
  // a band as narrow as one point is no area: only its edge shows a spike between two lasting values
  const edge = { stroke: withAlpha(color, EDGE), width: 1.5, dash, points: { show: false } };
  const points = { show: columns.steps.length <= 40, size: 4 };
  return [
    { ...edge, label: `${label} least` },
    { ...edge, label: `${label} greatest` },
    { label, stroke: color, width: 1.5, dash, points },
  ];
}

/** How much of a line's colour its band and the edges of that have, as two hexadecimal digits. */
const BAND = '26';
const EDGE = '99';
const withAlpha = (color: string, alpha: string): string =>
  /^#[0-9a-f]{6}$/i.test(color) ? `${color}${alpha}` : 'transparent';

/** uPlot leaves out ticks of a logarithmic axis by null. */
function tickText(tick: number | null, shift: number): string {
  if (tick === null) return '';
  return shift === 0 || tick === 0 ? formatNumber(tick) : powerOfTen(tick, shift);
}
