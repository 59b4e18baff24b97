/** What a name says beyond its words: kinds of things, units, what only qualifies; and labels of several names. */

import { bundled } from '../testing/bundled.ts';
import { labelParts } from '../vocabulary/label-parts.ts';
import { broadened, readConcepts } from './concepts.ts';

const { classify, over } = bundled();
const predicted = (name: string, values: string[]) => classify({ name, values }).decision.predicted;
const NUMBERS = Array.from({ length: 20 }, (_, at) => `${at * at * 37 + 11}`);

test('a word that no term has is taken as what it is a kind of, as far up as a term has it', () => {
  const concepts = readConcepts(
    [],
    [
      ['fare|box office', 'price'],
      ['mileage', 'distance'],
      ['distance', 'length'],
    ],
  );
  const has = (known: string[]) => (word: string) => known.includes(word);
  expect(broadened(concepts, ['fare'], has(['price']))).toEqual(['price']);
  expect(broadened(concepts, ['fare'], has(['fare', 'price']))).toEqual(['fare']);
  expect(broadened(concepts, ['mileage'], has(['length']))).toEqual(['length']);
  expect(broadened(concepts, ['mileage'], has(['colour']))).toEqual(['mileage']);
});

test.each([
  ['tip', NUMBERS, 'AMOUNT'],
  ['population', NUMBERS, 'COUNT'],
  ['cargo_wt_lbs', ['0.2', '1.4', '3.5', '0.9', '2.2'], 'WEIGHT'],
  ['distance_km', ['12.4', '80.3', '33.1', '5.5', '61'], 'LENGTH'],
  ['avg_price', ['12.40', '80.30', '33.10', '5.50', '61.00'], 'PRICE'],
  ['number_of_rooms', ['1', '2', '3', '4', '5'], 'COUNT'],
  ['age_group', ['18-24', '25-34', '35-44', '45-54'], 'AGE'],
])('a column %s is %s by what its words are kinds of', (name, values, code) => {
  expect(predicted(name, values)).toBe(code);
});

test('a label of several names, or with a short form in brackets, is called by each of them', () => {
  expect(labelParts('ZIP / postal code')).toEqual(['ZIP', 'postal code']);
  expect(labelParts('Patient number (MRN)')).toEqual(['Patient number', 'MRN']);
  expect(labelParts('Age (years)')).toEqual(['Age']);
  expect(labelParts('Colour')).toEqual([]);
  const own = over('code,label\na,ZIP / postal code\nb,Patient number (MRN)\nc,Kind of beetle\n');
  const is = (name: string) => own.classify({ name, values: ['-'] }).decision.predicted;
  expect([is('zip'), is('postal_code'), is('mrn'), is('patient_no')]).toEqual(['a', 'a', 'b', 'b']);
});

test('two names that have but a word in common which many things have are not near', () => {
  const own = over('code,label\na,Education level\nb,Device type\nc,Kind of beetle\n');
  for (const name of ['acid_level', 'coffee_type', 'sea_level'])
    expect(own.classify({ name, values: ['-'] }).decision.predicted).toBeNull();
});
