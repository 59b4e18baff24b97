import { kinOf, type Lineage, type LineageNode, layoutLineage, neighboursOf } from './lineage-layout.ts';

const node = (id: string, kind: string, stage: LineageNode['stage']): LineageNode => ({
  ...{ id, kind, stage },
  label: id,
  artifact: null,
});
const LINEAGE: Lineage = {
  nodes: [
    node('data', 'dataset', null),
    node('step', 'step', 'eda'),
    node('file', 'file', 'eda'),
    node('train', 'step', 'train'),
    node('model', 'model', 'train'),
  ],
  edges: [
    { from: 'data', to: 'step', kind: 'reads', basis: 'declared' },
    { from: 'step', to: 'file', kind: 'writes', basis: 'observed' },
    { from: 'file', to: 'train', kind: 'reads', basis: 'declared' },
    { from: 'data', to: 'train', kind: 'reads', basis: 'declared' },
    { from: 'train', to: 'model', kind: 'writes', basis: 'observed' },
    { from: 'train', to: 'file', kind: 'writes', basis: 'observed' },
  ],
  bases: { observed: 'seen', declared: 'said' },
};

test('stages stand from left to right, scripts before what they wrote', () => {
  const { nodes, edges } = layoutLineage(LINEAGE);
  const columns = nodes.map(({ x }) => x);
  expect(columns).toEqual([...columns].sort((one, other) => one - other));
  expect(new Set(columns).size).toBe(5);
  expect(edges).toHaveLength(6);
});

test('the kin of a node are what it came from and what came of it', () => {
  expect([...kinOf('file', LINEAGE.edges)].sort()).toEqual(['data', 'file', 'model', 'step', 'train']);
  expect([...kinOf('data', [])]).toEqual(['data']);
});

test('the columns share the room there is, down to what can be read', () => {
  expect(layoutLineage(LINEAGE, 760).width).toBeLessThanOrEqual(760);
  expect(layoutLineage(LINEAGE, 2_000).nodeWidth).toBe(layoutLineage(LINEAGE).nodeWidth);
  expect(layoutLineage(LINEAGE, 100).nodeWidth).toBeGreaterThan(80);
  expect(layoutLineage({ nodes: [], edges: [] }, 760)).toMatchObject({ nodes: [], height: 0 });
});

test('each neighbour says why it is believed', () => {
  expect(neighboursOf('file', LINEAGE).map(({ words, other }) => `${words} ${other}`)).toEqual([
    'written by step',
    'named in the code of train',
    'written by train',
  ]);
  expect(neighboursOf('step', LINEAGE).map(({ words, other }) => `${words} ${other}`)).toEqual([
    'names in its code data',
    'writes file',
  ]);
});
