/**
 * What a person writes is untrusted: reading it costs what its length costs, not that times the columns. Work is
 * counted.
 */

import { HOSTILE_WORDS, wideTable } from '../../../bench/words/hostile-words.ts';
import { boundariesOf } from './clause-boundaries.ts';
import { readClauses } from './clauses.ts';
import { ColumnAliases } from './column-aliases.ts';
import { ColumnNames } from './columns-named.ts';

/** Look-ups a character at most: each word is asked for at a few places of the reading. */
const LOOKED_PER_CHARACTER = 6;

interface Reader {
  /** How often a word is looked up in a reading of `text`. */
  work(text: string): number;
}

function clauseReader(columns: readonly string[]): Reader {
  const names = new ColumnNames(columns);
  return {
    work(text) {
      const before = names.looked;
      readClauses(text, names);
      return names.looked - before;
    },
  };
}

function aliasReader(columns: readonly string[]): Reader {
  const aliases = new ColumnAliases(columns.map((name) => [name.split(/[ _]/)]));
  return {
    work(text) {
      const before = aliases.looked;
      aliases.find(text);
      return aliases.looked - before;
    },
  };
}

const READERS = [clauseReader, aliasReader].map((make) => ({
  wide: make(wideTable(8_000)),
  narrow: make(wideTable(8)),
}));

test.each(Object.entries(HOSTILE_WORDS))('%s: work grows with the text, not with the columns', (_, text) => {
  for (const { wide, narrow } of READERS) {
    const full = wide.work(text);
    expect(full).toBeLessThanOrEqual(LOOKED_PER_CHARACTER * text.length);
    // twice the text is at most twice the work, and some for what is cut in the middle
    expect(full).toBeLessThanOrEqual(2.2 * wide.work(text.slice(0, text.length / 2)) + 200);
    expect(narrow.work(text)).toBeGreaterThanOrEqual(full / 4 - 200);
  }
});

test('names of many words, all begun and none ended, cost their length at each place', () => {
  const long = Array.from({ length: 200 }, (_, at) => `${'a '.repeat(50 + at)}end`);
  const text = 'a '.repeat(8_000);
  expect(clauseReader(long).work(`drop ${text}`)).toBeLessThanOrEqual(4 * 250 * 8_000);
  expect(aliasReader(long).work(text)).toBeLessThanOrEqual(2 * 250 * 8_000);
});

test('columns of the same words are told apart by how the text writes them', () => {
  const names = ['body-mass', 'body_mass', 'Body Mass'];
  const excluded = (text: string) => readClauses(text, names).flatMap((clause) => clause.excluded);
  expect([excluded('drop body_mass'), excluded('drop Body Mass'), excluded('drop body.mass')]).toEqual([
    ['body_mass'],
    ['Body Mass'],
    ['body-mass'],
  ]);
});

test.each([
  ['drop a, use b', ['drop a', 'use b']],
  ['drop a and then please use b', ['drop a', 'please use b']],
  ['drop a, and then also use b', ['drop a', 'use b']],
  ['drop a and b', ['drop a and b']],
  ['a dataset, rather small: do not use b', ['a dataset, rather small', 'do not use b']],
  ['then use b', ['then use b']],
  ["drop a but don't drop b", ['drop a', "don't drop b"]],
])('%j is cut into orders', (text, orders) => {
  const cuts = boundariesOf(text);
  const pieces = [...cuts, { start: text.length }].map(({ start }, at) =>
    text.slice(cuts[at - 1]?.end ?? 0, start),
  );
  expect(pieces).toEqual(orders);
});
