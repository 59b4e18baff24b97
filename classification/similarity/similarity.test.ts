/** Names that no term is called by, and the terms that they are near to by their words. */

import { bundled, massesOf } from '../testing/bundled.ts';
import { conceptsOf, readConcepts } from './concepts.ts';
import { indexTexts } from './text-index.ts';

const { classify, over } = bundled();
const cosineOf = (name: string, values: string[] = ['-'], table?: string) =>
  massesOf(classify({ name, values, table }), 'cosine');

test('a clear winner takes most of .70, and never more', () => {
  expect(cosineOf('date_of_birth').DATE_OF_BIRTH).toBeCloseTo(0.7, 2);
  for (const name of ['client_key', 'illness', 'on_hand_stock', 'town'])
    expect(1 - (cosineOf(name).Θ ?? 0)).toBeLessThanOrEqual(0.7);
});

test.each([
  ['buyer_ref', 'CUSTOMER_ID'],
  ['nombre_de_pila', 'FIRST_NAME'],
  ['geburtsdatum', 'DATE_OF_BIRTH'],
  ['parcel_tracking_no', 'TRACKING_NUMBER'],
  ['wage_yearly', 'SALARY'],
  ['ill_diagnosis', 'DIAGNOSIS'],
])('%s is near to %s', (name, code) => {
  const [nearest] = Object.entries(cosineOf(name))
    .filter(([key]) => key !== 'Θ')
    .sort(([, a], [, b]) => b - a);
  expect(nearest?.[0]).toBe(code);
});

test('where nothing is near there is no mass; what asks of a thing, or is another, is not near to it', () => {
  for (const name of ['zzgl_7', 'is_email', 'x5', 'num_phones']) expect(cosineOf(name)).toEqual({ Θ: 1 });
  expect(cosineOf('email_domain').EMAIL ?? 0).toBe(0);
  expect(cosineOf('acid_level').Θ).toBeGreaterThan(0.8);
});

test('a table’s name counts beside the column’s own, and not without it', () => {
  expect(cosineOf('name', ['-'], 'products').PRODUCT_NAME).toBeGreaterThan(0.5);
  expect(cosineOf('xq7', ['-'], 'orders')).toEqual({ Θ: 1 });
});

test('values that have a form make terms without it less near', () => {
  const emails = ['ada@example.com', 'bob@example.org', 'cy@example.net'];
  expect(cosineOf('phone').PHONE_NUMBER).toBeGreaterThan(0.5);
  expect(cosineOf('phone', emails).PHONE_NUMBER ?? 0).toBeLessThan(0.3);
});

test('any vocabulary’s labels, names and descriptions are compared', () => {
  const own = over(
    'code,label,description\nk1,Yield of a field,Tonnes that are harvested\nk2,Breed,Race of an animal\n',
  );
  const near = (name: string) => massesOf(own.classify({ name, values: ['-'] }), 'cosine');
  expect(near('field_yield').k1).toBeGreaterThan(0.5);
  expect(near('animal_race').k2).toBeGreaterThan(0.2);
  expect(near('colour')).toEqual({ Θ: 1 });
});

test('words of one meaning become one, the longest first, and are remembered a little', () => {
  const concepts = readConcepts([['given name|vorname', 'firstname']]);
  expect(conceptsOf(concepts, ['our', 'given', 'name'])).toEqual(['our', 'firstname', '~given', '~name']);
  expect(conceptsOf(concepts, ['name'])).toEqual(['name']);
});

test('cosines are 1 for the same words, 0 for no common one, between for some', () => {
  const { near } = indexTexts([['red', 'wine'], ['white', 'wine'], ['bread']]);
  const cosines = new Map(near(['red', 'wine'], 0).map(({ place, cosine }) => [place, cosine]));
  expect(cosines.get(0)).toBeCloseTo(1, 9);
  expect(cosines.get(1)).toBeGreaterThan(0.1);
  expect(cosines.get(1)).toBeLessThan(0.9);
  expect(cosines.get(2)).toBeLessThan(0.1);
  expect(near(['red', 'wine'], 0.95).map(({ place }) => place)).toEqual([0]);
});
