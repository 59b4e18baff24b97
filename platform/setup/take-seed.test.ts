import { takeSeed } from './test.mjs';

test('a seed is taken out of the words, in both forms', () => {
  expect(takeSeed(['platform', '--long', '--seed', '7'])).toEqual({
    seed: '7',
    rest: ['platform', '--long'],
  });
  expect(takeSeed(['--seed=7', 'platform'])).toEqual({ seed: '7', rest: ['platform'] });
  expect(takeSeed(['platform'])).toEqual({ seed: null, rest: ['platform'] });
});

test('a seed that is no number is refused', () => {
  expect(() => takeSeed(['--seed', 'platform'])).toThrow('The seed [platform] is no whole number.');
  expect(() => takeSeed(['--seed'])).toThrow('no whole number');
});
