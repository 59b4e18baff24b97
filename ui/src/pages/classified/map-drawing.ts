/** Draws the points of a map on a canvas. */

import { type MapPoint, type Shape, styleOf, toScreen, type View } from './map-points.ts';

export interface MapInk {
  /** Colours of the series, from 1 on at place 0. */
  series: readonly string[];
  ink: string;
  hairline: string;
}

export interface Drawing {
  points: readonly MapPoint[];
  view: View;
  ink: MapInk;
  /** Branch that stands out; null: all do. */
  lit: number | null;
  chosen: MapPoint | null;
}

/** @param ratio device pixels of one of the page */
export function drawMap(context: CanvasRenderingContext2D, drawing: Drawing, ratio: number): void {
  const { points, view, ink, lit, chosen } = drawing;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  drawCircle(context, view, ink.hairline);
  const size = points.length > 4_000 ? 2.5 : 4;
  for (const point of points) {
    const { x, y } = toScreen(point, view);
    if (x < -8 || y < -8 || x > view.width + 8 || y > view.height + 8) continue;
    const { series, shape } = styleOf(point.branch);
    context.globalAlpha = lit === null || lit === point.branch ? 0.35 + 0.65 * point.probability : 0.08;
    drawShape(context, { x, y, size, shape }, ink.series[series - 1] ?? ink.ink);
  }
  context.globalAlpha = 1;
  if (chosen !== null) drawChosen(context, toScreen(chosen, view), ink.ink);
}

/** Where surely known columns lie; what is less known lies further in. */
function drawCircle(context: CanvasRenderingContext2D, view: View, color: string): void {
  const middle = toScreen({ x: 0, y: 0 }, view);
  const edge = toScreen({ x: 1, y: 0 }, view);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  context.arc(middle.x, middle.y, edge.x - middle.x, 0, 2 * Math.PI);
  context.stroke();
}

function drawChosen(
  context: CanvasRenderingContext2D,
  { x, y }: { x: number; y: number },
  color: string,
): void {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.stroke();
}

interface Placed {
  x: number;
  y: number;
  size: number;
  shape: Shape;
}

/** Corners of the shapes that have some, in units of their size. */
const CORNERS: Partial<Record<Shape, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.2],
    [1.1, 0.9],
    [-1.1, 0.9],
  ],
  diamond: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  bar: [
    [-1.3, -0.5],
    [1.3, -0.5],
    [1.3, 0.5],
    [-1.3, 0.5],
  ],
  flag: [
    [-1, -1.2],
    [1.2, 0],
    [-1, 1.2],
  ],
};

export function drawShape(
  context: CanvasRenderingContext2D,
  { x, y, size, shape }: Placed,
  color: string,
): void {
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineWidth = Math.max(1, size / 2.5);
  context.beginPath();
  const corners = CORNERS[shape];
  if (corners) {
    for (const [at, [dx, dy]] of corners.entries())
      if (at === 0) context.moveTo(x + dx * size, y + dy * size);
      else context.lineTo(x + dx * size, y + dy * size);
    context.closePath();
    context.fill();
  } else if (shape === 'cross') {
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
    context.stroke();
  } else {
    context.arc(x, y, size * (shape === 'ring' ? 0.85 : 1), 0, 2 * Math.PI);
    if (shape === 'ring') context.stroke();
    else context.fill();
  }
}
