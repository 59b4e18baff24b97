import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findWide, WIDEST } from './widths.mjs';

test('a wide line is found in every language, by what an editor shows; what machines write is left alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'tempera-widths-'));
  try {
    for (const folder of ['api', 'api/generated', 'db']) mkdirSync(join(root, folder), { recursive: true });
    const wide = 'ü'.repeat(WIDEST + 1);
    const names = ['a.ts', 'b.svelte', 'c.mjs', 'd.py', 'e.sql', 'f.css', 'g.proto'];
    for (const name of names) writeFileSync(join(root, 'api', name), `\n${'ü'.repeat(WIDEST)}\r\n${wide}\n`);
    writeFileSync(join(root, 'api/words.md'), wide);
    writeFileSync(join(root, 'api/generated/a.ts'), wide);
    writeFileSync(join(root, 'db/schema.sql'), wide);
    expect(findWide(root, ['api', 'db'])).toEqual(
      names.map((name) => `api/${name}:3  ${WIDEST + 1} columns, ${WIDEST} at most`),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});
