/** `run FILE --decisions decisions.json`: what another session left decides for a new one. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decisionsIn } from './decisions-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tempera-decisions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (content: string): string => {
  const path = join(folder, 'decisions.json');
  writeFileSync(path, content);
  return path;
};
const SESSION = '01890000-0000-7000-8000-000000000001';
const OTHER = '01890000-0000-7000-8000-000000000002';

test('a file’s decisions are kept as whoever made them, from the session that it names', async () => {
  const decisions = [
    { key: 'split.by', value: 'island', by: 'agent', stage: 'prep', reason: 'alike', inherited_from: OTHER },
    { key: 'threshold', value: null },
  ];
  const ofAnOlderRelease = { inherited_from: null, to_confirm: false };
  const plain = { by: 'person', stage: null, reason: '' };
  expect(await decisionsIn(file(JSON.stringify({ version: 1, session: SESSION, decisions })))).toEqual([
    { ...decisions[0], inherited_from: SESSION, to_confirm: false },
    { ...decisions[1], ...plain, inherited_from: SESSION, to_confirm: false },
  ]);
  expect(await decisionsIn(file(JSON.stringify({ version: 1, decisions: [decisions[1]] })))).toEqual([
    { ...decisions[1], ...plain, ...ofAnOlderRelease },
  ]);
  expect(await decisionsIn(undefined)).toEqual([]);
});

const one = (more: object) =>
  JSON.stringify({ version: 1, decisions: [{ key: 'metric', value: 1, ...more }] });

test.each<[string, string]>([
  ['', 'is no JSON'],
  ['target: species', 'is no JSON'],
  ['[]', 'is no decisions.json'],
  ['{"decisions": []}', 'version is missing'],
  ['{"version": 2, "decisions": []}', 'has version 2, and version 1 is read here'],
  ['{"version": 1, "decisions": 7}', 'decisions must be a list'],
  ['{"version": 1, "decisions": [{"value": 1}]}', 'decisions.0.key is missing'],
  [one({ key: 'No key' }), 'decisions.0.key'],
  [one({ by: 'somebody' }), 'decisions.0.by must be one of agent, person'],
  [one({ stage: 'deploy' }), 'decisions.0.stage must be one of eda, prep, train'],
  [one({ because: 'x' }), "has 'because', which is not known here"],
  [one({ value: 'x'.repeat(5000) }), 'must take at most 4096 bytes'],
  ['{"version": 1, "decisions": [{"key":"a","value":1},{"key":"a","value":2}]}', 'must name each key once'],
])('what is no such file is refused by what is wrong: %s', async (content, words) => {
  await expect(decisionsIn(file(content))).rejects.toThrow(words);
  await expect(decisionsIn(file(content))).rejects.toMatchObject({ exitCode: 2 });
});

test('a file that is not there is refused by name', async () => {
  await expect(decisionsIn(join(folder, 'none.json'))).rejects.toThrow('none.json cannot be read');
});
