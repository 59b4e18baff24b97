/** What a column's values look like together, under an opaque name. */

import { bundled, massesOf } from '../testing/bundled.ts';
import { areNumbered, likelyNumbers } from './numbers.ts';

const { classify, knowledge, over } = bundled();
const numbers = (count: number, textOf: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => textOf(at));
const shapeOf = (values: string[], name = 'zz') => massesOf(classify({ name, values }), 'shape');
const predicted = (values: string[], name = 'zz') => classify({ name, values }).decision.predicted;

test.each<[string, string[]]>([
  ['PHONE_NUMBER', numbers(9, (at) => `+49 30 4${at}77 ${at}120`)],
  ['DATE_OF_BIRTH', numbers(12, (at) => `${1948 + at * 4}-03-1${at % 10}`)],
  ['CALENDAR_DATE', numbers(12, (at) => `${1 + at}/${1 + at}/2023`)],
  ['TIMESTAMP', numbers(9, (at) => `2023-04-0${at + 1} 1${at}:20:00`)],
  ['FULL_NAME', ['Anna Abt', 'Mark Stone', 'Lisa Vogt', 'Zsolt Ak', 'Paul Im']],
  ['ORGANISATION_NAME', ['Pine Works Ltd', 'Nordlicht GmbH', 'Sable & Sons', 'Ovo Partners LLC']],
  ['STREET_ADDRESS', ['12 Mill Lane', '7 Quay Street', 'Birkenweg 3', '90 Foss Road']],
  ['JOB_TITLE', ['Night Nurse', 'Fleet Manager', 'Site Engineer', 'Head Baker']],
  ['BLOOD_PRESSURE', ['120/80', '131/77', '118/70']],
  ['FILE_NAME', ['a.pdf', 'plan b.docx', 'x_1.png']],
  ['DESCRIPTION', ['It was late when they came back.', 'Nobody had seen the second key since May.']],
  ['FLAG', ['yes', 'no']],
  ['INVOICE_NUMBER', numbers(9, (at) => `INV-20${at}7`)],
  ['HASH', numbers(3, (at) => `${at}`.repeat(40))],
  ['AGE', numbers(20, (at) => `${19 + at * 3}`)],
  ['YEAR', numbers(20, (at) => `${1990 + at}`)],
])('%s is recognised by %j', (code, values) => {
  expect(predicted(values)).toBe(code);
});

test('few numbers are no evidence, and neither are codes of one length', () => {
  expect(likelyNumbers(knowledge.numberRanges, ['12', '14', '99'])).toEqual([]);
  expect(
    likelyNumbers(
      knowledge.numberRanges,
      numbers(20, (at) => `${48_000 + at * 37}`),
    ),
  ).toEqual([]);
});

test('rows that were numbered are known by like gaps', () => {
  expect(areNumbered(numbers(30, (at) => `${at * 7}`))).toBe(true);
  expect(areNumbered(numbers(30, (at) => `${at * at}`))).toBe(false);
});

test('numbers exclude texts, and texts exclude numbers', () => {
  const heights = numbers(12, (at) => `${at * 977.3}`);
  const beside = (values: string[]) => classify({ name: 'country', values }).decision;
  expect(beside(heights).needsReview).toBe(true);
  expect(beside(['Aa', 'Bb', 'Cc', 'Dd', 'Ee', 'Ff']).belief).toBeGreaterThan(0.8);
  const { conflicts, evidence } = classify({ name: 'country', values: heights });
  const [name, shape] = ['name_match', 'shape'].map((source) =>
    evidence.findIndex((each) => each.source === source),
  );
  expect(conflicts[shape ?? 0]?.[name ?? 0]).toBeGreaterThan(0.2);
});

test('a form that is strong in nearly all values is one voice more for its term alone', () => {
  expect(shapeOf(['a@example.com', 'b@example.com', 'c@example.com'])).toEqual({ EMAIL: 0.45, Θ: 0.55 });
});

test('a shape that no term of a vocabulary means is not known, and is given to none', () => {
  const own = over('code,label\na,Colour of a leaf\nb,Height of a tree\n');
  const { decision, evidence } = own.classify({ name: 'zz', values: ['120/80', '131/77', '118/70'] });
  expect(decision.predicted).toBeNull();
  expect(evidence.find(({ source }) => source === 'shape')?.mass.masses.size).toBe(1);
});
