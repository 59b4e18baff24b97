/** Removing everything below a prefix of the object store. */

import type { ObjectStore } from '../../storage/object-store.ts';

const PAGE = 1_000;

/** Removes every object whose key starts with `prefix`; the rows that named them are gone already. */
export async function removePrefix(store: ObjectStore, prefix: string): Promise<void> {
  for (;;) {
    const page = await store.list(prefix, { limit: PAGE });
    const keys = page.items.map((object) => object.key);
    if (keys.length === 0) return;
    await store.delete(keys);
  }
}
