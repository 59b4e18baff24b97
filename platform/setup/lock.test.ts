/** The lock by which two set-ups at once make one, and one that was interrupted is resumed by the next. */

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { lock, readHolder, tryLock } from './lock.mjs';
import { processStart, thisProcess } from './process.mjs';

const newFile = () => join(temporaryFolder('lock'), 'a.lock');

test('one holds it, the next is told who, and may when it is released', () => {
  const file = newFile();
  const first = tryLock(file);
  expect(tryLock(file).holder?.pid).toBe(process.pid);
  first.release?.();
  expect(readHolder(file)).toBeNull();
  expect(tryLock(file).release).toBeDefined();
});

test('the lock of a process that is gone is taken over, also when its pid lives again', () => {
  const file = newFile();
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: 'long ago', token: 'stale-token' }));
  const taken = tryLock(file);
  expect(taken.release).toBeDefined();
  expect(readHolder(file)).toMatchObject(thisProcess());
});

test('a former holder’s release leaves the new holder’s lock', () => {
  const file = newFile();
  const first = tryLock(file);
  writeFileSync(file, JSON.stringify({ ...thisProcess(), token: 'another' }));
  first.release?.();
  expect(readHolder(file)?.token).toBe('another');
});

test('who waits is told once for whom, and goes on when it is free', async () => {
  const file = newFile();
  const first = tryLock(file);
  const waitedFor: number[] = [];
  const second = lock(file, {
    intervalMilliseconds: 5,
    onWait: ({ pid }) => {
      waitedFor.push(pid);
      first.release?.();
    },
  });
  (await second)();
  expect(waitedFor).toEqual([process.pid]);
});

test('of many processes that find it stale, one at a time is inside', async () => {
  const file = newFile();
  writeFileSync(file, JSON.stringify({ pid: 1, startTime: 'never', token: 'stale-token' }));
  const journal = `${file}.journal`;
  writeFileSync(journal, '');
  const program = `
    import { appendFileSync } from 'node:fs';
    import { lock } from ${JSON.stringify(join(__dirname, 'lock.mjs'))};
    for (let round = 0; round < 5; round += 1) {
      const release = await lock(${JSON.stringify(file)}, { intervalMilliseconds: 1 });
      appendFileSync(${JSON.stringify(journal)}, 'in\\n');
      appendFileSync(${JSON.stringify(journal)}, 'out\\n');
      release();
    }`;
  const execute = () =>
    new Promise((resolve) =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' }).once(
        'exit',
        resolve,
      ),
    );
  expect(await Promise.all([execute(), execute(), execute(), execute()])).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  expect(lines).toEqual(Array.from({ length: 20 }, () => ['in', 'out']).flat());
});

test('a process is known by its start, and a dead one has none', () => {
  expect(processStart(process.pid)).toMatch(/^\d+$/);
  expect(processStart(2 ** 22 + 1)).toBeNull();
});
