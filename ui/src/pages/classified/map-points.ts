/** The points of a run's map in the plane of a canvas: where each is drawn, how, and which one is pointed at. */

import type { RunMap } from '../../lib/api/classification.ts';
import type { TermTree } from '../../lib/classification/term-tree.ts';

/** Shapes beside the colours: each branch has a pair of its own. */
export const SHAPES = ['disc', 'square', 'triangle', 'diamond', 'ring', 'cross', 'bar', 'flag'] as const;
export type Shape = (typeof SHAPES)[number];

export interface MapPoint {
  id: string;
  name: string;
  label: string | null;
  /** -1 to 1. */
  x: number;
  y: number;
  probability: number;
  /** Place of the branch; -1 where nothing is predicted. */
  branch: number;
}

/** Points by branch, least sure first, so that what is sure lies on top. */
export function pointsOf(map: RunMap, tree: TermTree): MapPoint[] {
  return map.id
    .map((id, at): MapPoint => {
      const term = map.terms[map.term[at] ?? -1];
      return {
        ...{ id, name: map.name[at] ?? '', label: term?.label ?? null },
        ...{ x: map.x[at] ?? 0, y: map.y[at] ?? 0, probability: map.probability[at] ?? 0 },
        branch: term === undefined ? -1 : (tree.branchOf(term.code)?.place ?? -1),
      };
    })
    .sort((a, b) => a.probability - b.probability);
}

/** Which series of the palette and which shape a branch has; the palette has eight. */
export const styleOf = (branch: number): { series: number; shape: Shape } => ({
  series: branch < 0 ? 8 : (branch % 8) + 1,
  shape: branch < 0 ? 'ring' : (SHAPES[(branch + Math.floor(branch / 8)) % SHAPES.length] ?? 'disc'),
});

export interface View {
  width: number;
  height: number;
  /** 1: all is seen. */
  zoom: number;
  /** The plane's point in the middle. */
  centre: { x: number; y: number };
}

const MARGIN = 28;

export function toScreen({ x, y }: { x: number; y: number }, view: View): { x: number; y: number } {
  const { width, height, zoom, centre } = view;
  const scale = (Math.min(width, height) / 2 - MARGIN) * zoom;
  return { x: width / 2 + (x - centre.x) * scale, y: height / 2 - (y - centre.y) * scale };
}

export function toPlane({ x, y }: { x: number; y: number }, view: View): { x: number; y: number } {
  const { width, height, zoom, centre } = view;
  const scale = (Math.min(width, height) / 2 - MARGIN) * zoom;
  return { x: centre.x + (x - width / 2) / scale, y: centre.y - (y - height / 2) / scale };
}

/** Zooms by `factor` about a place of the screen, which stays where it is. */
export function zoomed(view: View, at: { x: number; y: number }, factor: number): View {
  const zoom = Math.min(40, Math.max(1, view.zoom * factor));
  if (zoom === 1) return { ...view, zoom, centre: { x: 0, y: 0 } };
  const before = toPlane(at, view);
  const after = toPlane(at, { ...view, zoom });
  return {
    ...view,
    zoom,
    centre: { x: view.centre.x + before.x - after.x, y: view.centre.y + before.y - after.y },
  };
}

/** The nearest point within `reach` pixels; of equal ones that which lies on top. */
export function nearest(
  points: readonly MapPoint[],
  at: { x: number; y: number },
  { view, reach }: { view: View; reach: number },
): MapPoint | null {
  let [best, least]: [MapPoint | null, number] = [null, reach * reach];
  for (const point of points) {
    const { x, y } = toScreen(point, view);
    const distance = (x - at.x) ** 2 + (y - at.y) ** 2;
    if (distance <= least) [best, least] = [point, distance];
  }
  return best;
}
