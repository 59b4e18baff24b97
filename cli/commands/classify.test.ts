/** `tempera classify explain` needs no platform: what it says to people and programs, and what it refuses. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { runProgram } from '../program.ts';
import { writtenTerminal } from '../testing/written-terminal.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tempera-classify-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function explain(...words: string[]) {
  const { terminal, written } = writtenTerminal();
  const config = () => loadConfig({ TEMPERA_ROOT: process.cwd(), TEMPERA_HOME: join(folder, 'home') });
  const program = { config, terminal, signal: new AbortController().signal };
  const code = await runProgram(['classify', 'explain', ...words], program);
  return { code, ...written };
}

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('a column is explained to a person: term, path, belief, review, each source with its reason', async () => {
  const { code, out, err } = await explain(
    '--name',
    'cust_email',
    '--values',
    'a@example.com,b@example.org,by post',
  );
  expect([code, err]).toEqual([0, '']);
  for (const part of [
    'cust_email: E-mail address (EMAIL), Contact > E-mail address, personal',
    'belief 0.87, plausibility 1.00, gap 0.13',
    'believed enough: E-mail address (EMAIL)',
    'No person need look at it.',
    'name_match: E-mail address 0.50, not known 0.50',
    'read as "cust email", ends with "EMAIL", the code of E-mail address.',
    'pattern: E-mail address 0.50, not known 0.50',
    '2 of 3 distinct values have the form of: e-mail address; it speaks for E-mail address.',
    'e-mail address to EMAIL: its label is "E-mail address"',
    'e-mail address in 2 of 3',
    'No source contradicts another.',
  ])
    expect(out).toContain(part);
});

test('what is not known, or contradicted, is said with why a person should look', async () => {
  const unknown = await explain('--name', 'zz', '--values', 'q,w');
  expect(unknown.out).toContain('zz: not known');
  expect(unknown.out).toContain('A person should look at it. Nothing is believed to 0.2 or more');
  const torn = await explain('--name', 'phone', '--values', 'a@example.com');
  expect(torn.out).toContain('name_match and pattern: 0.38');
});

test('--json has the same facts', async () => {
  const { code, out } = await explain(
    '--name',
    'k',
    '--values',
    '"Paris, Texas",Rome',
    '--json',
    '--table',
    't',
  );
  const { ok, data } = JSON.parse(out);
  expect([code, ok]).toEqual([0, true]);
  expect(data).toMatchObject({
    column: { name: 'k', table: 't', type: null, values: 2, values_left_out: 0 },
    vocabulary: { name: 'bundled', form: 'tree', findings: [] },
    prediction: { code: 'CITY', path: ['Location', 'Address', 'City'] },
    cautious: null,
    ...{ belief: 0.375, plausibility: 1, gap: 0.625, needs_review: true },
  });
  expect(data.sources.map(({ source }: { source: string }) => source)).toEqual([
    ...['name_match', 'pattern', 'cosine', 'values', 'shape', 'type', 'context'],
  ]);
  expect(data.fused.at(-1)).toEqual({ codes: null, label: 'not known', mass: 0.625 });
});

test('a vocabulary of one’s own is used, with what was found amiss in it', async () => {
  const own = file('own.csv', 'code,label,description\nP1,Post,E-mail address of a client\nP2,post,\n');
  const { code, out } = await explain('--name', 'x', '--values', 'a@example.com', '--vocabulary', own);
  expect(code).toBe(0);
  expect(out).toContain('x: Post (P1)');
  expect(out).toContain('label_collision, line 3: P2 and P1 have one label');
});

test('text of a value or vocabulary cannot move the cursor', async () => {
  const own = file('red.csv', 'code,label\nA,\u001b[31mRed\u0007\n');
  const { out } = await explain('--name', 'red', '--values', 'x\u001b[2Jy', '--vocabulary', own);
  expect(out).not.toContain('\u001b');
});

test('more values than are looked at are said to be left out', async () => {
  const many = Array.from({ length: 60 }, (_, at) => `v${at}`).join(',');
  const { err } = await explain('--name', 'k', '--values', many);
  expect(err).toBe('Of the distinct values 50 were looked at, 10 left out.\n');
});

test.each([
  [['--values', 'a'], 'Give --name NAME: the name of the column.'],
  [['--name', 'k'], 'Give --values VALUES: some of its values with commas between them.'],
  [['--name', 'k', '--values', ''], 'Give --values VALUES'],
  [['--name', 'k', '--values', ', ,'], '--values holds no value: each is empty.'],
  [['--name', 'k', '--values', 'a', '--vocabulary', 'no-such.csv'], 'There is no file no-such.csv to read'],
  [['--name', 'k', '--values', 'a', '--vocabulary', 'cli'], 'There is no file cli to read'],
])('%j is refused with a sentence', async (words, sentence) => {
  expect(await explain(...words)).toEqual({ code: 2, out: '', err: expect.stringContaining(sentence) });
});

test('a vocabulary in the wrong form is refused with its line, as a document where one was asked for', async () => {
  const words = ['--name', 'k', '--values', 'a', '--vocabulary'];
  const twice = file('twice.csv', 'code,label\na,A\na,B\n');
  expect(await explain(...words, twice)).toMatchObject({
    code: 2,
    err: `tempera: The vocabulary ${twice} cannot be used. Line 3: The code a stands in line 2 already.\n`,
  });
  const { code, out } = await explain(...words, file('none.csv', 'x,y\n1,2\n'), '--json');
  expect([code, JSON.parse(out).error.code]).toEqual([2, 'USAGE']);
});
