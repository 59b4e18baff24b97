import { bundled } from '../testing/bundled.ts';
import { leafPlaces } from './term-map.ts';

test('on the map the leaves of a branch stand side by side', () => {
  const { frame, terms } = bundled().vocabulary;
  const topOf = (code: string): string => {
    const parent = terms.get(code)?.parent ?? null;
    return parent === null ? code : topOf(parent);
  };
  const places = leafPlaces(frame);
  const angle = (leaf: number): number => {
    const { x = 0, y = 0 } = places[leaf] ?? {};
    return (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI);
  };
  const round = [...frame.leaves.keys()].sort((a, b) => angle(a) - angle(b));
  const branches = round.map((leaf) => topOf(frame.leaves[leaf] ?? ''));
  const borders = branches.filter((branch, at) => branch !== branches[(at + 1) % branches.length]);
  expect(borders).toHaveLength(new Set(branches).size);
});
