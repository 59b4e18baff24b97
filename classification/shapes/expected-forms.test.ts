/** Values that are nothing of what a column is called speak against it. */

import { bundled } from '../testing/bundled.ts';

const { classify } = bundled();
const predicted = (name: string, values: string[]) => classify({ name, values }).decision.predicted;

test.each([
  ['cards', ['1', '2', '3', '4', '7', '5', '6'], 'CARD_NUMBER'],
  ['temp', ['250.1', '260.4', '271.9', '288.2'], 'BODY_TEMPERATURE'],
  ['place', ['12 km N of Oban', '7 km E of Bari', '106 km S of Como'], 'CITY'],
  ['smoker', ['12.5', '17.1', '33.2', '45.8', '51.2', '60.4'], 'FLAG'],
  ['order_id', ['Carnivora', 'Primates', 'Rodentia', 'Cetacea'], 'ORDER_ID'],
  ['begin', ['1.9', '2.1', '1.7', '2.4'], 'START_DATE'],
  ['clock_time', ['2024-04-01 10:26:27', '2024-04-03 04:51:22', '2024-05-03 14:51:22'], 'TIME_OF_DAY'],
])('%s with %j is no %s', (name, values, not) => {
  expect(predicted(name, values)).not.toBe(not);
});

test.each([
  ['card_number', ['XXXX-XXXX-XXXX-1234', '**** **** **** 9876', '#### 1111 2222'], 'CARD_NUMBER'],
  [
    'email',
    ['3f2a9c0d11aa22bb33cc44dd55ee66ff', 'b1946ac92492d2347c6235b4d2611184', 'a***@example.com'],
    'EMAIL',
  ],
  ['age', ['18-24', '25-34', 'over 65', 'unknown age'], 'AGE'],
  ['sex', ['0', '1'], 'GENDER'],
  ['education', ['8', '12', '16', '10', '14', '11'], 'EDUCATION_LEVEL'],
])('what is masked, grouped or coded is still %s', (name, values, code) => {
  expect(predicted(name, values)).toBe(code);
});

test('a name by itself is a person’s only where some values are known as names of people', () => {
  const goods = [
    'Squash',
    'Apricots',
    'Beans',
    'Kale',
    'Leeks',
    'Okra',
    'Papaya',
    'Quinces',
    'Radish',
    'Yams',
  ];
  const people = [
    'Anna Abt',
    'Mark Stone',
    'Lisa Vogt',
    'Zsolt Ak',
    'Paul Im',
    'Ida Ek',
    'Ova Ri',
    'Jo Su',
    'Ed Wu',
    'Li Ao',
  ];
  expect(predicted('name', goods)).not.toBe('FULL_NAME');
  expect(predicted('name', people)).toBe('FULL_NAME');
  expect(predicted('customer_name', people)).toBe('FULL_NAME');
});

test('values that a program wrote with quotes or as decimals are read as they were meant', () => {
  const column = (values: string[]) => classify({ name: 'zz', values }).column.values;
  expect(column(["'a'", "'b c'"])).toEqual(['a', 'b c']);
  expect(column(['"a"', 'b'])).toEqual(['"a"', 'b']);
  expect(column(['12.0', '7.0', 'NaN'])).toEqual(['12', '7']);
  expect(column(['12.0', '7.5'])).toEqual(['12.0', '7.5']);
});
