/**
 * What deletions leave to do outside the database: objects, histories of workflows, workspaces and copies on hosts.
 *
 * 1. The rows that name it are gone before anything else is, and `removals` names it from the same moment on.
 * 2. Each part is tried whatever becomes of the others, and may be done twice; a removal is finished by the try that
 *    finds nothing left.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { classificationWorkflowId } from '../../core/classification/names.ts';
import { LOCAL } from '../../core/principal.ts';
import { sessionWorkflowId } from '../../core/session-names.ts';
import {
  finishRemoval,
  type Removal,
  type RemovalKind,
  saveRemovalError,
  takeRemovals,
} from '../../db/index.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { ApiDependencies } from '../dependencies.ts';

type Parts = Pick<ApiDependencies, 'db' | 'store' | 'gateway' | 'tools'>;

const PAGE = 1_000;
const REMOVALS_AT_ONCE = 100;
const INTERVAL_MILLISECONDS = 5_000;

/** What of a subject lies outside the database. Each part returns how much it has found. */
const OUTSIDE: Record<RemovalKind, (parts: Parts, subject: string) => (() => Promise<number>)[]> = {
  session: ({ store, gateway, tools }, id) => [
    () => gateway.deleteWorkflows(sessionWorkflowId(id)),
    () => tools.forget(LOCAL, { id }).then(() => 0),
    () => removePrefix(store, `sessions/${id}/`),
  ],
  experiment: (parts, id) => copiesOf(parts, `datasets/${id}/`, id),
  upload: (parts, id) => copiesOf(parts, `uploads/${id}/`, id),
  data_source: (parts, id) => [
    ...copiesOf(parts, `sources/${id}/`, id),
    () => removePrefix(parts.store, `classified/${id}/`),
  ],
  run: ({ gateway }, id) => [() => gateway.deleteWorkflows(classificationWorkflowId(id))],
};

const copiesOf = ({ store, tools }: Parts, prefix: string, id: string) => [
  () => tools.forgetDataset(LOCAL, id).then(() => 0),
  () => removePrefix(store, prefix),
];

/** Tries what is due, with `partOf` of that deletion alone. What cannot be done now is left for later: never fails. */
export async function carryOutRemovals(
  parts: Parts,
  { partOf = null }: { partOf?: string | null } = {},
): Promise<void> {
  for (;;) {
    const due = await takeRemovals(parts.db, { partOf, most: REMOVALS_AT_ONCE }).catch(() => []);
    await Promise.all(due.map((removal) => carryOut(parts, removal).catch(() => undefined)));
    if (due.length < REMOVALS_AT_ONCE) return;
  }
}

async function carryOut(parts: Parts, removal: Removal): Promise<void> {
  const tried = await Promise.allSettled(OUTSIDE[removal.kind](parts, removal.subject).map((part) => part()));
  const failed = tried.find((each) => each.status === 'rejected');
  if (failed !== undefined) return await saveRemovalError(parts.db, removal, String(failed.reason));
  const found = tried.reduce((sum, each) => sum + (each.status === 'fulfilled' ? each.value : 0), 0);
  if (found === 0) await finishRemoval(parts.db, removal);
}

/** Finishes what is left of deletions, again and again, until `signal`. */
export async function finishRemovals(
  parts: Parts,
  signal: AbortSignal,
  tell: (event: object) => void,
): Promise<void> {
  while (!signal.aborted) {
    await carryOutRemovals(parts).catch((error: unknown) =>
      tell({ what: 'removals', message: String(error) }),
    );
    // an abort only ends the pause
    await delay(INTERVAL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

/** Removes every object whose key starts with `prefix`. @returns how many there were */
async function removePrefix(store: ObjectStore, prefix: string): Promise<number> {
  for (let removed = 0; ; ) {
    const page = await store.list(prefix, { limit: PAGE });
    const keys = page.items.map((object) => object.key);
    if (keys.length === 0) return removed;
    await store.delete(keys);
    removed += keys.length;
  }
}
