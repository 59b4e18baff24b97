/** What the kept scripts need beside their files, so that a run's folder runs by hand: the SDK, the table, a README. */

import { constants, existsSync } from 'node:fs';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { byHandReadme, SDK_PACKAGES } from '../../core/by-hand.ts';
import { makeFolder } from '../../platform/setup/make-folder.mjs';

export interface ByHandOptions {
  /** Where the installation keeps the SDK and the list of packages. */
  sdkFolder: string;
  /** The table's file. */
  table: string;
}

/** Puts it all into `folder`; a file of the session of the same name stays. */
export async function addWhatScriptsNeed(folder: string, { sdkFolder, table }: ByHandOptions): Promise<void> {
  for (const name of SDK_PACKAGES) {
    const files = (await readdir(join(sdkFolder, name), { recursive: true })).filter((file) =>
      file.endsWith('.py'),
    );
    for (const file of files)
      await place(join(sdkFolder, name, file), join(folder, name, dirname(file)), basename(file));
  }
  await place(join(sdkFolder, 'requirements.lock'), folder, 'requirements.txt');
  await place(table, join(folder, 'dataset'), basename(table));
  if (!existsSync(join(folder, 'README.txt')))
    await writeFile(join(folder, 'README.txt'), byHandReadme('folder'));
}

async function place(source: string, folder: string, name: string): Promise<void> {
  const to = join(folder, name);
  if (existsSync(to)) return;
  makeFolder(folder);
  // shares the bytes where the file system can, for tables are large
  await copyFile(source, to, constants.COPYFILE_FICLONE);
}
