/** The first key of a platform that others reach and whose settings name none: without it nobody could come in. */

import { areKeysRequired, type Config } from '../../config/index.ts';
import { newToken } from '../../core/access/keys.ts';
import { newId, sha256 } from '../../core/ids.ts';
import { LOCAL } from '../../core/principal.ts';
import { createDatabase, insertFirstKey } from '../../db/index.ts';

/** Whether the first start makes a key. */
export function needsFirstKey(config: Pick<Config, 'access' | 'host'>): boolean {
  const { keys, key } = config.access;
  return areKeysRequired(config) && keys === null && key === null;
}

/** Makes an admin's key where there is none. @returns its token, which nothing holds; null where one was there */
export async function makeFirstKey(url: string): Promise<string | null> {
  const database = createDatabase({ url, poolSize: 1 });
  const id = newId();
  const token = newToken();
  const row = {
    ...{ id, name: 'first admin key', hash: sha256(token), role: 'admin' as const, scopes: null },
    ...{ owner: `key-${id}`, created_by: LOCAL.id, seconds: null },
  };
  try {
    return (await database.transaction((tx) => insertFirstKey(tx, row))) ? token : null;
  } finally {
    await database.close();
  }
}
