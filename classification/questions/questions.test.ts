/** What is asked of the classifier: a column's word read out, and which sources would have to speak otherwise. */

import type { ColumnReading } from '../../core/classification/answers.ts';
import { ClassificationSettingsSchema } from '../../core/classification/settings.ts';
import { sha256 } from '../../core/ids.ts';
import { readKnowledge } from '../knowledge.ts';
import { createRunWork } from '../runs/run-work.ts';
import { createQuestions } from './answers.ts';

const FOLDER = 'classification';
const text = 'code,label,parent_code\nP,Contact,\nE,E-mail address,P\nT,Phone number,P\nC,City,\n';
const vocabulary = { sha256: sha256(text), text };
const settings = ClassificationSettingsSchema.parse({});
const questions = createQuestions(FOLDER);
const work = createRunWork(readKnowledge(FOLDER));
const EMAILS = ['ada@example.com', 'bob@example.org', 'eve@example.net'];

async function read(name: string, reservoir: string[]): Promise<ColumnReading> {
  const tables = [{ table: 't', columns: [{ name, type: '', reservoir }] }];
  const [[evidence] = []] = await work.evidence({ vocabulary, tables });
  if (evidence === undefined) throw new Error('A column has evidence.');
  return await questions.read({
    vocabulary,
    settings,
    column: { evidence, llm: null, learned: [], reviewed: null },
  });
}

test('a contradicted column tells whose word decides it, and what would be there without', async () => {
  const { likely, change, conflicts } = await read('phone number', EMAILS);
  expect(likely[0]?.code).toBe('E');
  expect(change.sources).toEqual(['shape']);
  expect(change.instead?.code).toBe('T');
  const between = conflicts.find(({ between: [one, other] }) => one === 'name_match' && other === 'pattern');
  expect(between?.conflict).toBeGreaterThan(0.3);
});

test('of a column of which all sources say the same, as few as are needed are named', async () => {
  const { likely, change } = await read('email', EMAILS);
  expect(likely[0]?.code).toBe('E');
  expect(change.without.every(({ prediction }) => prediction?.code === 'E')).toBe(true);
  expect(change.sources.length).toBeGreaterThan(1);
  expect(change.instead?.code).not.toBe('E');
});

test('of a column of which nobody knows anything nothing would have to change', async () => {
  const { change, reasons } = await read('zq', ['q']);
  expect(change).toMatchObject({ sources: [], instead: null });
  expect(reasons.length).toBeGreaterThan(0);
});

test('a vocabulary is shown as a tree, each term behind its parent, with its leaves', async () => {
  const terms = await questions.terms({ vocabulary });
  expect(terms.map(({ code, depth, leaves, is_leaf }) => [code, depth, leaves, is_leaf])).toEqual([
    ['P', 1, 2, false],
    ['E', 2, 1, true],
    ['T', 2, 1, true],
    ['C', 1, 1, true],
  ]);
  const attached = await questions.attachments({ vocabulary });
  expect(attached.map(({ code }) => code)).toEqual(expect.arrayContaining(['E', 'T', 'C']));
  expect(attached.find(({ code }) => code === 'E')?.patterns.map(({ name }) => name)).toContain('email');
});
