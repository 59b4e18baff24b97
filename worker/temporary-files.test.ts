import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTemporaryFolder, temporaryFolder } from './temporary-files.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tempera-temporary-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Another's folder with a file in it. */
const write = async (folder: string) => {
  await mkdir(join(home, 'tmp', folder), { recursive: true });
  await writeFile(join(home, 'tmp', folder, 'file'), 'x');
};

test('temporary files of killed workers are removed, and nothing of a living one or of others', async () => {
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  for (const owner of [`worker-${dead}`, `worker-${process.ppid}`, 'notes']) await write(owner);
  await openTemporaryFolder(home);
  const left = (await readdir(join(home, 'tmp'))).sort();
  expect(left).toEqual([`worker-${process.pid}`, `worker-${process.ppid}`, 'notes'].sort());
});

test('a worker with the id of one before it begins with an empty folder', async () => {
  await write(`worker-${process.pid}`);
  await openTemporaryFolder(home);
  expect(await readdir(temporaryFolder(home))).toEqual([]);
});
