import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findUnused } from './unused.mjs';

test('an export is found that nobody takes, or only a test; one that another file or its own uses is not', () => {
  const root = mkdtempSync(join(tmpdir(), 'tempera-unused-'));
  try {
    mkdirSync(join(root, 'core'));
    const files = {
      'a.ts': [
        'export function taken() {}',
        'export const tested = 1;',
        'export type Nobody = string;',
        'export const own = 2;',
        'const kept = own; // Nobody',
      ].join('\n'),
      'b.ts': "import { taken } from './a.ts';\n",
      'a.test.ts': "import { tested } from './a.ts';\n",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'core', name), text);
    expect(findUnused(root, ['core'])).toEqual([
      'core/a.ts  nobody takes its export tested',
      'core/a.ts  nobody takes its export Nobody',
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('every export of the product is taken', () => {
  expect(findUnused(process.cwd())).toEqual([]);
});
