/** The bundled sample: its size, its two parts that share nothing, and that it is what its plan makes. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokensOf } from '../names/tokens.ts';
import { bundled } from '../testing/bundled.ts';
import { type Part, readPlan } from './generator/plan.ts';
import { makeSample } from './generator/tables.ts';

const FOLDER = join('classification', 'sample');
const plan = readPlan(FOLDER);
const columnsOf = (part: Part) =>
  plan.tables.filter((table) => table.part === part).flatMap(({ columns }) => columns);
const COLUMNS = plan.tables.flatMap(({ columns }) => columns);

/** Words of the header, the table's name among them. */
const headerWords = (part: Part): Set<string> =>
  new Set(
    plan.tables
      .filter((table) => table.part === part)
      .flatMap(({ table, columns }) => [table, ...columns.map(({ column }) => column)])
      .flatMap(tokensOf)
      .filter((word) => !/^\d+$/.test(word)),
  );

/** Entries of the part's lists, and what its choices choose from. */
const entries = (part: Part): Set<string> => {
  const choices = columnsOf(part)
    .filter(({ maker }) => maker.startsWith('choice '))
    .flatMap(({ maker }) => maker.slice('choice '.length).split(maker.includes(';') ? ';' : '/'));
  const texts = [...[...plan.lists[part].values()].flat(), ...choices];
  return new Set(texts.filter((text) => /\p{L}/u.test(text)));
};

const shared = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...one].filter((each) => other.has(each));

test('it has 25 tables and 250 labelled columns over the nine subjects, a quarter of them with opaque names', () => {
  expect(plan.tables.length).toBeGreaterThanOrEqual(25);
  expect(COLUMNS.length).toBeGreaterThanOrEqual(250);
  const share = columnsOf('held').length / COLUMNS.length;
  expect(Math.abs(share - 0.4)).toBeLessThan(0.05);
  const opaque = COLUMNS.filter(({ header }) => header === 'opaque').length / COLUMNS.length;
  expect(Math.abs(opaque - 0.25)).toBeLessThan(0.03);
  const { terms, frame } = bundled().vocabulary;
  const subjects = new Set<string | null>();
  for (const { code } of COLUMNS) {
    expect([code, frame.nodes.has(code) && frame.isLeaf(frame.setOfCode(code))]).toEqual([code, true]);
    let at = terms.get(code);
    while (at?.parent) at = terms.get(at.parent);
    subjects.add(at?.code ?? null);
  }
  expect(subjects.size).toBe(9);
});

test('the held part has no header word and no listed value that the development part has', () => {
  expect(shared(headerWords('development'), headerWords('held'))).toEqual([]);
  expect(shared(entries('development'), entries('held'))).toEqual([]);
});

test('of the held values that lists give a third or more stand in no list that the classifier ships', () => {
  const known = new Set([...bundled().knowledge.valueLists.values()].flatMap((list) => [...list]));
  const held = entries('held');
  expect(shared(held, known).length / held.size).toBeLessThan(2 / 3);
});

test('tables and labels are what the plan makes', () => {
  const made = makeSample(plan);
  const names = readdirSync(join(FOLDER, 'tables')).map((name) => `tables/${name}`);
  expect(['labels.csv', ...names].sort()).toEqual([...made.keys()].sort());
  for (const [path, text] of made) expect(readFileSync(join(FOLDER, path), 'utf8')).toBe(text);
});
