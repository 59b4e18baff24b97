/** `decisions.json`: what is written can be read, and one schema is the manual’s and the check’s. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { LedgerFileSchema, ledgerFile, ledgerFileJsonSchema } from './ledger-file.ts';
import { asDecision, type StartedDecision } from './started-decisions.ts';

const SESSION = '01890000-0000-7000-8000-000000000001';
const held = (started: StartedDecision) => ({ ...asDecision(started), session_id: SESSION });

test('docs/decisions.schema.json is written from the schema that files are checked by', () => {
  const path = 'docs/decisions.schema.json';
  const schema = ledgerFileJsonSchema();
  const committed: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
  // To bring it up to date: npx biome format --write build/decisions.schema.json, and copy it to docs
  mkdirSync('build', { recursive: true });
  writeFileSync('build/decisions.schema.json', JSON.stringify(schema));
  expect(committed).toEqual(JSON.parse(JSON.stringify(schema)));
});

test('what is in force is written, and read back as it was', () => {
  const ledger = [
    held({ key: 'target', value: 'species' }),
    held({ key: 'model.choice', value: 'linear', by: 'agent', inherited_from: SESSION, to_confirm: true }),
    { ...held({ key: 'metric', value: 'accuracy' }), standing: 'stale' as const },
  ];
  const file = LedgerFileSchema.parse(JSON.parse(ledgerFile(ledger)));
  expect(file).toMatchObject({ version: 1, session: SESSION });
  expect(file.decisions).toEqual([
    {
      key: 'target',
      value: 'species',
      by: 'person',
      stage: 'eda',
      reason: '',
      inherited_from: null,
      to_confirm: false,
    },
    {
      ...{ key: 'model.choice', value: 'linear', by: 'agent', stage: 'train', reason: '' },
      ...{ inherited_from: SESSION, to_confirm: true },
    },
  ]);
  expect(ledgerFile([])).toBe('');
});
