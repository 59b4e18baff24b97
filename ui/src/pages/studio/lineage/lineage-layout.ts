/** The graph of what came of what, placed from the upload on the left to the model on the right. */

import { STAGES, type Stage } from '../../../lib/api/types.ts';

export interface LineageNode {
  id: string;
  kind: string;
  label: string;
  stage: Stage | null;
  artifact: string | null;
}
export interface LineageEdge {
  from: string;
  to: string;
  kind: 'reads' | 'writes';
}
export interface Lineage {
  nodes: LineageNode[];
  edges: LineageEdge[];
}

export interface PlacedNode extends LineageNode {
  x: number;
  y: number;
}

export const NODE_WIDTH = 176;
export const NODE_HEIGHT = 28;
const COLUMN = 228;
const ROW = 36;

export interface Layout {
  nodes: PlacedNode[];
  edges: (LineageEdge & { path: string })[];
  width: number;
  height: number;
}

/** Columns: the upload, then each stage's scripts and what they wrote; rows in the order of making. */
export function layoutLineage({ nodes, edges }: Lineage): Layout {
  const filled = new Map<number, number>();
  const placed = nodes.map((node) => {
    const column = columnOf(node);
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    return { ...node, x: column * COLUMN, y: row * ROW };
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  return {
    nodes: placed,
    edges: edges.flatMap((edge) => {
      const from = byId.get(edge.from);
      const to = byId.get(edge.to);
      return from && to ? [{ ...edge, path: curve(from, to) }] : [];
    }),
    width: Math.max(0, ...placed.map(({ x }) => x)) + NODE_WIDTH,
    height: Math.max(0, ...placed.map(({ y }) => y)) + NODE_HEIGHT,
  };
}

const columnOf = ({ stage, kind }: LineageNode): number =>
  stage === null ? 0 : STAGES.indexOf(stage) * 2 + (kind === 'step' ? 1 : 2);

/** From the right edge of the one further left to the left edge of the other, whichever was first. */
function curve(one: PlacedNode, other: PlacedNode): string {
  const [from, to] = one.x <= other.x ? [one, other] : [other, one];
  const [x1, y1] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + NODE_HEIGHT / 2];
  const bend = Math.max(20, Math.min(60, (x2 - x1) / 2));
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** Everything that `id` came from and that came of it. */
export function kinOf(id: string, edges: readonly LineageEdge[]): Set<string> {
  const kin = new Set([id]);
  const follow = (start: string, next: (edge: LineageEdge, at: string) => string | null): void => {
    const visited = new Set([start]);
    const queue = [start];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const edge of edges) {
        const other = next(edge, at);
        if (other === null || visited.has(other)) continue;
        visited.add(other);
        kin.add(other);
        queue.push(other);
      }
    }
  };
  follow(id, (edge, at) => (edge.to === at ? edge.from : null));
  follow(id, (edge, at) => (edge.from === at ? edge.to : null));
  return kin;
}
