import { MOMENTS, momentOptions, momentsOf, randomOf } from './moments.ts';

const POINTS = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name }));
const long = { seed: 7, long: true, only: null };

test('the same seed gives the same moments, another seed or row gives others', () => {
  const first = momentsOf(1, POINTS, long);
  expect(momentsOf(1, POINTS, long)).toEqual(first);
  expect(momentsOf(1, POINTS, { ...long, seed: 8 })).not.toEqual(first);
  expect(momentsOf(2, POINTS, long)).not.toEqual(first);
});

test('the long form has every moment and leaves out no point; the short one is its first', () => {
  for (const points of [POINTS, POINTS.slice(0, 1)]) {
    const all = momentsOf(3, points, long);
    expect(all).toHaveLength(MOMENTS);
    expect(new Set(all.map((moment) => moment.point.name)).size).toBe(points.length);
    expect(momentsOf(3, points, { ...long, long: false })).toEqual(all.slice(0, 1));
  }
  const [first] = momentsOf(3, POINTS, long);
  expect(first).toMatchObject({ number: 1, point: { name: 'a' }, fraction: 0.5 });
});

test('one moment can be asked for by its number, which its label carries', () => {
  const all = momentsOf(5, POINTS, long);
  expect(momentsOf(5, POINTS, { ...long, only: 13 })).toEqual([all[12]]);
  expect(all[12]?.label).toContain('moment 13 of seed 7');
});

test('fractions lie from 0 to 1', () => {
  const random = randomOf(3);
  for (let time = 0; time < 1_000; time += 1) {
    const value = random();
    expect(value >= 0 && value < 1).toBe(true);
  }
});

test('a setting that is no number is refused by name', () => {
  expect(() => momentOptions({ TEMPERA_TEST_SEED: 'x' })).toThrow('TEMPERA_TEST_SEED');
  expect(momentOptions({})).toEqual({ seed: 1, long: false, only: null });
});
