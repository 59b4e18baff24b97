import { expect, test } from '@jest/globals';
import { remarksOf, rowOf, startValues } from './model-requests.ts';

const features = [
  { name: 'mass', type: 'number', example: 4050.123456789 },
  { name: 'island', type: 'category', categories: ['Biscoe'], example: 'Biscoe' },
  { name: 'note', type: 'text', example: null },
];

test('a form starts with a usual row', () => {
  expect(startValues(features)).toEqual({ mass: '4050.12', island: 'Biscoe', note: '' });
});

test('a row has numbers as numbers, what is empty as missing, and a wrong number as it was typed', () => {
  expect(rowOf(features, { mass: ' 3500 ', island: 'Biscoe' })).toEqual({
    mass: 3500,
    island: 'Biscoe',
    note: null,
  });
  expect(rowOf(features, { mass: 'big' }).mass).toBe('big');
  expect(rowOf(features, { mass: '-12,5' }).mass).toBe(-12.5);
  expect(rowOf(features, { mass: '1,234,567' }).mass).toBe('1,234,567');
});

test('what is said of a file comes in a header of its answer', () => {
  expect(remarksOf(encodeURIComponent(JSON.stringify({ remarks: ['Größe fehlt.'] })))).toEqual([
    'Größe fehlt.',
  ]);
  expect([remarksOf(null), remarksOf(encodeURIComponent('{}'))]).toEqual([[], []]);
});
