/** Folders of a file of tests in the system's temporary folder; they go after its last test. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new folder `tempera-NAME-…`. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `tempera-${name}-`));
  made.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
