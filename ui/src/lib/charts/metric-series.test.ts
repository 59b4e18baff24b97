import { describe, expect, test } from '@jest/globals';
import { MetricSeries } from './metric-series.ts';

const filled = (values: (number | null)[], capacity?: number): MetricSeries => {
  const series = new MetricSeries(capacity);
  values.forEach((value, step) => {
    series.append(step, value);
  });
  return series;
};

describe('MetricSeries', () => {
  test('gives few points back as they are', () => {
    const { steps, min, max, last, points } = filled([3, 1, 2]).columns(100);
    expect({ steps, min, max, last, points }).toEqual({
      ...{ steps: [0, 1, 2], min: [3, 1, 2], max: [3, 1, 2], last: [3, 1, 2] },
      points: 3,
    });
  });

  test('keeps the least and the greatest of each bucket', () => {
    const { min, max, last } = filled([5, 9, 1, 4, 4, 8]).columns(2);
    expect({ min, max, last }).toEqual({ min: [1, 4], max: [9, 8], last: [1, 8] });
  });

  test('overwrites a step that comes again and finds the place of an earlier one', () => {
    const series = filled([1, 2, 3]);
    series.append(1, 20);
    series.append(0.5, 7);
    expect(series.columns(10)).toMatchObject({ steps: [0, 0.5, 1, 2], last: [1, 7, 20, 3], points: 4 });
  });

  test('shows a value that was not finite as a gap', () => {
    expect(filled([1, null, 3]).columns(10).last).toEqual([1, null, 3]);
    expect(filled([null, null]).columns(1)).toMatchObject({ min: [null], max: [null], last: [null] });
  });

  test('stays in its capacity and loses no extreme', () => {
    const values = Array.from({ length: 10_000 }, (_, at) => Math.sin(at));
    values[6_789] = 50;
    values[123] = -50;
    const { steps, min, max, points } = filled(values, 256).columns(1_000);
    expect(points).toBe(10_000);
    expect(steps.length).toBeLessThanOrEqual(256);
    expect(Math.max(...max.map(Number))).toBe(50);
    expect(Math.min(...min.map(Number))).toBe(-50);
    expect(steps.at(-1)).toBe(9_999);
  });

  test('reads a window of steps', () => {
    expect(filled([0, 1, 2, 3, 4, 5]).columns(10, 2, 4).steps).toEqual([2, 3, 4]);
  });

  test('takes what the server has summed up and keeps the points that came after it', () => {
    const series = filled([0, 1, 2, 3, 4]);
    series.load({ steps: [1, 2], min: [0, 2], max: [1, 2], last: [1, 2], points: 3 });
    expect(series.columns(10)).toMatchObject({ steps: [1, 2, 3, 4], last: [1, 2, 3, 4], points: 5 });
  });
});
