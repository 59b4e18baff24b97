/** Words that are written as one are parted where all their parts are known, and never where they are one thing. */

import { bundled } from '../testing/bundled.ts';
import { partsOf } from './compounds.ts';

const KNOWN = {
  whole: new Set(['mileage', 'update']),
  parts: new Set(['mile', 'age', 'date', 'order', 'birth', 'zip', 'code', 'up', 'customer']),
  short: new Set(['cust', 'est']),
};

test.each([
  ['birthdate', ['birth', 'date']],
  ['custid', ['cust', 'id']],
  ['zipcode', ['zip', 'code']],
  ['orderno', ['order', 'no']],
  ['mileage', ['mileage']],
  ['update', ['update']],
  ['customer', ['customer']],
  ['usage', ['usage']],
  ['orderest', ['orderest']],
  ['acid', ['acid']],
])('%s is read as %j', (word, parts) => {
  expect(partsOf(KNOWN, word)).toEqual(parts);
});

test.each([
  ['husage', ['31', '45', '52', '60', '38', '29', '33', '44', '41'], 'AGE'],
  ['storename', ['Pine Works Ltd', 'Nordlicht GmbH', 'Sable & Sons'], 'ORGANISATION_NAME'],
  ['invoicedate', ['2020-01-02', '2021-04-05', '2022-11-12'], 'CALENDAR_DATE'],
])('a column %s is known by its parts', (name, values, code) => {
  expect(bundled().classify({ name, values }).decision.predicted).toBe(code);
});
