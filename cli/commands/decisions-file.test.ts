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

test('a file’s keys and values are read, whatever else it says of them', async () => {
  const decisions = [
    { key: 'split.by', value: 'island', by: 'agent', stage: 'prep', reason: 'alike' },
    { key: 'threshold', value: null },
  ];
  expect(await decisionsIn(file(JSON.stringify({ version: 1, decisions })))).toEqual([
    { key: 'split.by', value: 'island' },
    { key: 'threshold', value: null },
  ]);
  expect(await decisionsIn(undefined)).toEqual([]);
});

test.each(['', '[]', '{"decisions": 7}', '{"decisions": [{"value": 1}]}'])(
  'what is no such file is refused by name: %s',
  async (content) => {
    await expect(decisionsIn(file(content))).rejects.toThrow('decisions.json is no decisions.json');
  },
);

test('a file that is not there is refused by name', async () => {
  await expect(decisionsIn(join(folder, 'none.json'))).rejects.toThrow('none.json cannot be read');
});
