/** Patterns, value lists and pairs attach to the terms of any vocabulary by what these mean, with the reason shown. */

import { createClassifier } from '../classifier.ts';
import { bundled, massesOf } from '../testing/bundled.ts';
import { readVocabulary } from '../vocabulary/vocabulary.ts';

const { knowledge, over } = bundled();
const EMAILS = ['ada@example.com', 'bob@example.org'];

test.each([
  ['k1,Electronic post,,An e-mail address of a client', 'it is described as "An e-mail address of a client"'],
  ['k1,E-Mail,,', 'its label is "E-Mail"'],
  ['k1,Work e-mail address,,', 'its label ends so: "Work e-mail address"'],
  ['k1,Post,email|letter,', 'it is also called "email"'],
])('a term that is an e-mail address gets its pattern: %s', (row, reason) => {
  const own = over(`code,label,common_names,description\n${row}\nk2,Weight of a parcel,,Kilograms\n`);
  expect(own.attachments.get('email')).toMatchObject([{ meaning: 'email', code: 'k1', reason }]);
  expect(massesOf(own.classify({ name: 'zz', values: EMAILS }), 'pattern')).toEqual({ k1: 0.75, Θ: 0.25 });
});

test.each([
  'Whether the e-mail address was verified',
  'Domain of an e-mail address',
  'Number of e-mail addresses sent to',
  'E-mail address hash',
  'Date on which an e-mail address was changed',
])('a term that is only about one does not: %s', (description) => {
  const own = over(`code,label,description\nk1,Something,${description}\nk2,Other,Else\n`);
  expect(own.attachments.get('email')).toEqual([]);
  expect(massesOf(own.classify({ name: 'zz', values: EMAILS }), 'pattern')).toEqual({ Θ: 1 });
});

test('of several terms that mean it each gets its part, and a name settles it', () => {
  const own = over('code,label\nhome,Home e-mail address\nwork,Work e-mail address\n');
  expect(massesOf(own.classify({ name: 'zz', values: EMAILS }), 'pattern')).toEqual({
    ...{ home: 0.375, work: 0.375, Θ: 0.25 },
  });
  expect(own.classify({ name: 'work_email_address', values: EMAILS }).decision.predicted).toBe('work');
});

test.each([
  ['Customer Email', 'email'],
  ['ZIP/Postal Code', 'postal_code'],
  ['Town/City', 'city'],
  ['Latitude Coordinate', 'latitude'],
  ['IP Address (v4)', 'ip'],
  ['Nation', 'country'],
])('a term that is called %s means %s where none is called so more plainly', (label, meaning) => {
  const attached = (text: string) =>
    over(text)
      .attachments.get(meaning)
      ?.map(({ code }) => code);
  expect(attached(`code,label\nk1,${label}\nk2,Breed\n`)).toEqual(['k1']);
  const plain = bundled().knowledge.meanings[meaning]?.[0] ?? '';
  expect(attached(`code,label\nk1,${label}\nk2,${plain}\n`)).toContain('k2');
});

test('value lists attach so too', () => {
  const own = over('code,label,description\nort,Ortschaft,Name\nst,Town,\n');
  expect(
    massesOf(own.classify({ name: 'zz', values: ['Paris', 'Oslo', 'Rome', 'Nowhere'] }), 'values'),
  ).toEqual({
    ...{ st: 0.5625, Θ: 0.4375 },
  });
});

test('what people have changed holds beside what was found, and what it does not fit is left aside', () => {
  const vocabulary = readVocabulary(
    'code,label\nhome,Home e-mail address\nwork,Work e-mail address\nc,Colour\n',
  );
  const change = (code: string, way: 'attach' | 'detach', meaning = 'email') => ({
    meaning,
    code,
    change: way,
  });
  const codes = (...changes: ReturnType<typeof change>[]) =>
    createClassifier(knowledge, vocabulary, changes)
      .attachments.get('email')
      ?.map(({ code }) => code);
  expect(codes()).toEqual(['home', 'work']);
  expect(codes(change('home', 'detach'), change('c', 'attach'))).toEqual(['work', 'c']);
  expect(codes(change('home', 'attach'), change('c', 'detach'))).toEqual(['home', 'work']);
  expect(codes(change('gone', 'attach'), change('c', 'attach', 'no such meaning'))).toEqual(['home', 'work']);
});
