/** Each change of a workflow that running sessions must not see is listed in workflows/PATCHES.md, and no other. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = readdirSync('workflows', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /(?<!\.test)\.ts$/.test(name),
);

test('workflows/PATCHES.md lists each id that a workflow asks `patched` for', () => {
  const asked = sources.flatMap((name) =>
    [
      ...readFileSync(join('workflows', name), 'utf8').matchAll(/\b(?:deprecateP|p)atched?\('([^']+)'\)/g),
    ].map(([, id]) => id),
  );
  const listed = [...readFileSync('workflows/PATCHES.md', 'utf8').matchAll(/^- `([^`]+)`: /gm)].map(
    ([, id]) => id,
  );
  expect(new Set(asked).size).toBeGreaterThan(0);
  expect([...new Set(asked)].sort()).toEqual(listed.sort());
});
