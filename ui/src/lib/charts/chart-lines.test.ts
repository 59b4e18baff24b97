/** Lines of a chart on one axis, whatever a number holds, up to 1.8e308. */

import { describe, expect, test } from '@jest/globals';
import { powerOfTen } from '../format/numbers.ts';
import { alignLines, type ChartLine, shifted, shiftFor } from './chart-lines.ts';
import { chartOptions } from './chart-options.ts';
import { smooth } from './smoothing.ts';

const line = (steps: number[], last: (number | null)[]): ChartLine => ({
  ...{ label: 'a', color: 'black', dash: [] },
  columns: { steps, min: last, max: last, last, points: last.length },
});

describe('alignLines', () => {
  test('gives one line its own steps', () => {
    expect(alignLines([line([1, 2], [5, null])])).toEqual([
      [1, 2],
      [5, null],
      [5, null],
      [5, null],
    ]);
  });

  test('joins lines on all steps and tells a gap from a step that a line has not', () => {
    const [steps, ...columns] = alignLines([line([0, 2], [1, null]), line([1], [7])]);
    expect(steps).toEqual([0, 1, 2]);
    expect(columns[2]).toEqual([1, undefined, null]);
    expect(columns[5]).toEqual([undefined, 7, undefined]);
  });
});

describe('smooth', () => {
  test('leaves a constant as it is, from the first value on', () => {
    expect(smooth([4, 4, 4], 0.9)).toEqual([4, 4, 4]);
  });

  test('lets a gap stay a gap', () => {
    expect(smooth([1, null, 1], 0.5)).toEqual([1, null, 1]);
  });

  test('damps a jump', () => {
    const [, second] = smooth([0, 1], 0.5);
    expect(second).toBeCloseTo(2 / 3);
  });
});

test('the edges of a band are drawn, fainter than the line: a spike as narrow as a point has no other ink', () => {
  const { series, bands } = chartOptions({
    lines: [{ ...line([1, 2], [0.5, 9]), color: '#0072b2' }],
    ...{ width: 300, height: 200, logarithmic: false, shift: 0, syncKey: 'metrics' },
    theme: { ink: '#000', hairline: '#ccc', font: '11px sans-serif' },
    onZoom: () => undefined,
    onCursor: () => undefined,
  });
  expect(series.map(({ stroke }) => stroke)).toEqual([undefined, '#0072b299', '#0072b299', '#0072b2']);
  expect(bands?.map(({ fill }) => fill)).toEqual(['#0072b226']);
});

test('values at the ends of what a number holds are drawn smaller, so that an axis can be computed', () => {
  const line = (min: number, max: number): ChartLine => ({
    ...{ label: 'a', color: '#000000', dash: [] },
    columns: { steps: [1], min: [min], max: [max], last: [max], points: 1 },
  });
  expect([shiftFor([line(-1, 3.4e38)]), shiftFor([line(-1e308, 0)])]).toEqual([0, 20]);
  const [steps, ...columns] = shifted(alignLines([line(-1e308, 1e308)]), 20);
  expect(steps).toEqual([1]);
  const drawn = columns.flat().map(Number);
  expect(Math.max(...drawn) - Math.min(...drawn)).toBeCloseTo(2e288, -280);
  expect(powerOfTen(1.2e288, 20)).toBe('1.2e308');
});
