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
  /** Seen by the platform as it happened, or only found in the script's text. */
  basis: 'observed' | 'declared';
}
export interface Lineage {
  nodes: LineageNode[];
  edges: LineageEdge[];
  /** What each basis means, in words. */
  bases: Record<LineageEdge['basis'], string>;
}

export interface PlacedNode extends LineageNode {
  x: number;
  y: number;
  height: number;
}

const MOST_WIDTH = 184;
/** Below this a name is no longer told by its beginning: the graph is wider than its box then. */
const LEAST_WIDTH = 92;
const MOST_GAP = 52;
const LEAST_GAP = 18;
const FILE_HEIGHT = 28;
/** A script's title takes two lines. */
const STEP_HEIGHT = 42;
const BETWEEN = 8;

export interface Layout {
  nodes: PlacedNode[];
  edges: (LineageEdge & { path: string })[];
  nodeWidth: number;
  width: number;
  height: number;
}

/**
 * Columns: the upload, then each stage's scripts and what they wrote; rows in the order of making.
 * @param available px; the columns share it as far as names stay legible
 */
export function layoutLineage(
  { nodes, edges }: Pick<Lineage, 'nodes' | 'edges'>,
  available = Number.POSITIVE_INFINITY,
): Layout {
  const used = [...new Set(nodes.map(columnOf))].sort((one, other) => one - other);
  const { nodeWidth, gap } = sharesOf(used.length, available);
  const filled = new Map<number, number>();
  const placed = nodes.map((node): PlacedNode => {
    const column = used.indexOf(columnOf(node));
    const y = filled.get(column) ?? 0;
    const height = node.kind === 'step' ? STEP_HEIGHT : FILE_HEIGHT;
    filled.set(column, y + height + BETWEEN);
    return { ...node, x: column * (nodeWidth + gap), y, height };
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  return {
    nodes: placed,
    edges: edges.flatMap((edge) => {
      const from = byId.get(edge.from);
      const to = byId.get(edge.to);
      return from && to ? [{ ...edge, path: curve(from, to, nodeWidth) }] : [];
    }),
    nodeWidth,
    width: Math.max(0, ...placed.map(({ x }) => x)) + nodeWidth,
    height: Math.max(0, ...placed.map(({ y, height }) => y + height)),
  };
}

/** Gaps give way before nodes do. */
function sharesOf(columns: number, available: number): { nodeWidth: number; gap: number } {
  const gaps = Math.max(1, columns - 1);
  const spare = (available - columns * MOST_WIDTH) / gaps;
  const gap = Math.floor(Math.min(MOST_GAP, Math.max(LEAST_GAP, spare)));
  const share = Math.floor((available - (columns - 1) * gap) / Math.max(1, columns));
  return { nodeWidth: Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, share)), gap };
}

const columnOf = ({ stage, kind }: LineageNode): number =>
  stage === null ? 0 : STAGES.indexOf(stage) * 2 + (kind === 'step' ? 1 : 2);

/** From the right edge of the one further left to the left edge of the other, whichever was first. */
function curve(one: PlacedNode, other: PlacedNode, nodeWidth: number): string {
  const [from, to] = one.x <= other.x ? [one, other] : [other, one];
  const [x1, y1] = [from.x + nodeWidth, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = Math.max(12, Math.min(60, (x2 - x1) / 2));
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

const NEIGHBOURS = {
  reads: { observed: 'read by', declared: 'named in the code of' },
  writes: { observed: 'written by', declared: 'said to be written by' },
} as const;

/** A node's nearest kin in words, each with why it is believed. */
export function neighboursOf(
  id: string,
  { nodes, edges }: Lineage,
): { edge: LineageEdge; other: string; words: string }[] {
  const names = new Map(nodes.map((node) => [node.id, node.label]));
  return edges.flatMap((edge) => {
    if (edge.from !== id && edge.to !== id) return [];
    const other = names.get(edge.from === id ? edge.to : edge.from) ?? '';
    const isStep = (edge.kind === 'reads') === (edge.to === id);
    if (!isStep) return [{ edge, other, words: NEIGHBOURS[edge.kind][edge.basis] }];
    const observed = edge.basis === 'observed';
    const words = edge.kind === 'reads' ? (observed ? 'reads' : 'names in its code') : 'writes';
    return [{ edge, other, words: edge.kind === 'writes' && !observed ? 'says that it writes' : words }];
  });
}
