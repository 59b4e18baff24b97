import type { RunMap } from '../../lib/api/classification.ts';
import { TermTree } from '../../lib/classification/term-tree.ts';
import { nearest, pointsOf, SHAPES, styleOf, toPlane, toScreen, type View, zoomed } from './map-points.ts';

const MAP: RunMap = {
  ...{ columns: 3, every: 1, id: ['0.0', '0.1', '0.2'], name: ['a', 'b', 'c'] },
  ...{ x: [1, 0, -1], y: [0, 0, 0], probability: [0.9, 0.1, 0.5], needs_review: [false, true, true] },
  ...{ term: [0, -1, 0], terms: [{ code: 'EMAIL', label: 'E-mail address' }] },
};
const VIEW: View = { width: 400, height: 300, zoom: 1, centre: { x: 0, y: 0 } };

test('every column is a point with its term, the sure ones on top', () => {
  const points = pointsOf(MAP, new TermTree([]));
  expect(points.map(({ id, label }) => [id, label])).toEqual([
    ['0.1', null],
    ['0.2', 'E-mail address'],
    ['0.0', 'E-mail address'],
  ]);
});

test('what is pointed at is the nearest within reach, also after a zoom', () => {
  const points = pointsOf(MAP, new TermTree([]));
  const right = toScreen({ x: 1, y: 0 }, VIEW);
  expect(nearest(points, { x: right.x + 5, y: right.y }, { view: VIEW, reach: 10 })?.id).toBe('0.0');
  expect(nearest(points, { x: right.x, y: right.y + 60 }, { view: VIEW, reach: 10 })).toBeNull();
  const near = zoomed(VIEW, right, 3);
  expect(toScreen({ x: 1, y: 0 }, near).x).toBeCloseTo(right.x, 6);
  expect(toPlane(right, near).x).toBeCloseTo(1, 6);
  expect(zoomed(near, right, 0.01)).toEqual(VIEW);
});

test('branches differ in colour and shape together, and no shape stands for two colours next to it', () => {
  const pairs = Array.from({ length: 64 }, (_, branch) => JSON.stringify(styleOf(branch)));
  expect(new Set(pairs).size).toBe(64);
  expect(new Set(Array.from({ length: 8 }, (_, branch) => styleOf(branch).shape)).size).toBe(SHAPES.length);
});
