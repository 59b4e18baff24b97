import { attachableWords, changeWords } from './attachment-words.ts';

test('what can be attached is told by what it brings, and a change by what it does', () => {
  const patterns = [
    { name: 'a', title: 'Phone number', is_weak: true },
    { name: 'b', title: 'Extension', is_weak: false },
  ];
  expect(attachableWords({ meaning: 'phone_no', patterns, list: null })).toBe(
    'phone no: Phone number (a sign only), Extension',
  );
  expect(attachableWords({ meaning: 'city', patterns: [], list: { values: 2 } })).toBe(
    'city: 2 known values',
  );
  expect(changeWords({ meaning: 'city', change: 'attach' }, 'Town')).toBe('“city” attached to Town');
  expect(changeWords({ meaning: 'city', change: 'detach' }, 'Town')).toBe('“city” detached from Town');
});
