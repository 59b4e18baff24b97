/** Back-up and restore. The code that does it is a bundle of its own: no other command loads a database's client. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Config, readEnvironment } from '../../config/index.ts';
import type * as Backup from '../../platform/backup/index.ts';
import type { Command } from '../command.ts';
import { CommandError, EXIT } from '../exit-code.ts';

const REFUSALS = ['CONFLICT', 'INVALID_INPUT'];

const backup: Command = {
  name: 'backup',
  usage: 'FOLDER',
  summary: 'Writes a back-up of the running platform into a new folder: rows of one moment and all files.',
  arguments: [1, 1],
  async run({ config, output }, [folder = '']) {
    const { backUp } = await load(config);
    const target = { folder: resolve(folder), version: versionOf(config) };
    const manifest = await refusing(backUp(config, target));
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    const words = `${rows} rows and ${manifest.objects.count} objects (${manifest.objects.bytes} bytes)`;
    const key = manifest.has_credentials_key ? ' It holds the key of sealed credentials: guard it.' : '';
    output.result({ folder: resolve(folder), ...manifest }, `Backed up ${words} into ${folder}.${key}\n`);
    return undefined;
  },
};

const restoreCommand: Command = {
  name: 'restore',
  usage: 'FOLDER',
  summary: 'Makes an unused home, or empty stores of the settings, of a back-up; start it afterwards.',
  arguments: [1, 1],
  async run({ config, output, platform }, [folder = '']) {
    if ((await platform.find()) !== null)
      throw new CommandError(
        EXIT.refused,
        'A platform runs in this home: set TEMPERA_HOME to another folder.',
      );
    const { restore } = await load(config);
    const environment = readEnvironment(config.root);
    const { created_at } = await refusing(restore(config, { folder: resolve(folder), environment }));
    output.result(
      { home: config.home, created_at },
      `Restored the back-up of ${created_at}. Start it: npm start\n`,
    );
    return undefined;
  },
};

const load = async ({ root }: Config): Promise<typeof Backup> =>
  await import(pathToFileURL(join(root, 'build', 'backup.mjs')).href);

/** A refusal comes with its code; the bundle's class of it is another one than ours. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = String(Reflect.get(Object(error), 'code'));
    if (!REFUSALS.includes(code)) throw error;
    throw new CommandError(EXIT.refused, error instanceof Error ? error.message : code, {
      code,
      cause: error,
    });
  }
}

const versionOf = ({ root }: Config): string =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

export const backupCommands: Command[] = [backup, restoreCommand];
