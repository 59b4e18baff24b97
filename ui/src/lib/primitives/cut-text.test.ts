import { cutAt } from './cut-text.ts';

test('long names keep their end, short ones stay whole, and no character is halved', () => {
  expect(cutAt('species')).toBeNull();
  expect(cutAt('measurement_of_the_left_wing_2024')).toEqual({
    head: 'measurement_of_the_left_',
    tail: 'wing_2024',
  });
  const parts = cutAt(`${'x'.repeat(20)}${'🐧'.repeat(12)}`);
  expect(parts?.tail).toBe('🐧'.repeat(9));
});
