import { kinOf, type Lineage, type LineageNode, layoutLineage } from './lineage-layout.ts';

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
    { from: 'data', to: 'step', kind: 'reads' },
    { from: 'step', to: 'file', kind: 'writes' },
    { from: 'file', to: 'train', kind: 'reads' },
    { from: 'data', to: 'train', kind: 'reads' },
    { from: 'train', to: 'model', kind: 'writes' },
    { from: 'train', to: 'file', kind: 'writes' },
  ],
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
