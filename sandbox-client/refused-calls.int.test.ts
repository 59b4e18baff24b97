/** Fault 38: a host that refuses, or goes, in the middle of any stream ends the call and never the process. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Outcome } from './testing/refused-calls.ts';

let folder: string;
let seen: { outcomes: Outcome[]; unheard: string[] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tempera-refused-'));
  const program = join(folder, 'refused-calls.mjs');
  await build({
    ...{ entryPoints: [join(__dirname, 'testing', 'refused-calls.ts')], outfile: program, bundle: true },
    ...{ platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent' },
    // grpc-js is CommonJS and requires Node's modules
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 16 * 1024 * 1024 });
  seen = JSON.parse(stdout);
}, 120_000);
afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('no error of any call is without a listener', () => {
  expect(seen.unheard).toEqual([]);
  expect(seen.outcomes.length).toBeGreaterThan(100);
});

test('whoever stays gets the refusal, or learns that the host is gone', () => {
  const stayed = seen.outcomes.filter(({ manner }) => manner === 'goes on' || manner === 'falls silent');
  // a host that ends cancels its calls, which is not their callers' wish
  const codes = { refuses: 'CONFLICT', 'is gone': 'SANDBOX_UNAVAILABLE' };
  const odd = stayed.filter(({ refusal, code }) => code !== codes[refusal]);
  expect(odd).toEqual([]);
});

test('a source that fails is told as its own error, unless the host was first', () => {
  const failed = seen.outcomes.filter(({ manner }) => manner === 'fails');
  expect(failed.filter(({ code }) => code === null)).toEqual([]);
});
