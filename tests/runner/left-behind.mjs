/**
 * A reporter of Jest's that knows which file of tests left what behind; run.mjs asks it when all is taken down.
 *
 * Files: what is new in the temporary folder after a file and still there at the end. Looked at only where that folder
 * is the run's own, as `npm test` makes it: elsewhere others write too.
 * Handles: what became open during a file and still is at the end.
 */

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, relative } from 'node:path';

/** How `npm test` names the temporary folder of a group. */
export const OWN = 'tempera-tests-';

/** Handles that were open before the first file. @type {WeakSet<object>} */
const before = new WeakSet();
/** The file of tests during which a handle became open. @type {WeakMap<object, string>} */
const openedBy = new WeakMap();

/** What is open now, by Node's own list: sockets, servers, child processes, pipes. */
const activeHandles = () =>
  /** @type {{ _getActiveHandles(): object[] }} */ (/** @type {unknown} */ (process))._getActiveHandles();

/** One line a handle that the tests have left open, with the file that opened it. */
export function openHandles() {
  const handles = activeHandles().filter((handle) => !before.has(handle));
  const named = handles.map(
    (handle) => `${describe(handle)}, opened by ${openedBy.get(handle) ?? 'the set-up'}`,
  );
  const timers = process.getActiveResourcesInfo().filter((kind) => /Timeout|Immediate/.test(kind));
  return timers.length > 0 ? [...named, `${timers.length} timers that run`] : named;
}

/** @param {object} handle of which only its class is known */
function describe(handle) {
  const { localPort, remoteAddress, remotePort, spawnargs, pid, listening, fd } =
    /** @type {Record<string, unknown>} */ (handle);
  const place = [
    Array.isArray(spawnargs) ? `${spawnargs.join(' ').slice(0, 120)} (${pid})` : '',
    remotePort ? `to ${remoteAddress}:${remotePort}` : '',
    localPort ? `from port ${localPort}` : '',
    listening ? JSON.stringify(/** @type {import('node:net').Server} */ (handle).address()) : '',
    typeof fd === 'number' ? `descriptor ${fd}` : '',
  ];
  return [handle.constructor.name, ...place].filter(Boolean).join(' ');
}

/** Of the files in a folder, which are new since the last look, and who was at work then. */
export class FolderWatch {
  /** @type {Map<string, string>} */
  #madeBy = new Map();
  /** @type {Set<string>} */
  #known;
  #folder;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
    this.#known = new Set(readdirSync(folder));
  }

  /**
   * What is new is laid to `worker`.
   * @param {string} worker
   */
  check(worker) {
    for (const name of readdirSync(this.#folder)) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      this.#madeBy.set(name, worker);
    }
  }

  /** One line a worker that has left something which is still there. */
  left() {
    const there = new Set(readdirSync(this.#folder));
    /** @type {Map<string, string[]>} */
    const byWorker = new Map();
    for (const [name, worker] of this.#madeBy) {
      if (there.has(name)) byWorker.set(worker, [...(byWorker.get(worker) ?? []), name]);
    }
    return [...byWorker].map(
      ([worker, names]) => `${worker} left ${names.slice(0, 5).join(', ')}${more(names.length - 5)}`,
    );
  }
}

const more = (/** @type {number} */ count) => (count > 0 ? ` and ${count} more` : '');

/** Of the run's own temporary folder; null where that is anybody's. @type {FolderWatch | null} */
let watch = null;

/** One line a file of tests, or set-up, whose files are still there. To be asked when all is taken down. */
export const leftFiles = () => watch?.left() ?? [];

export default class LeftBehind {
  #root;

  /** @param {{ rootDir: string }} globalConfig */
  constructor({ rootDir }) {
    this.#root = rootDir;
  }

  onRunStart() {
    for (const handle of activeHandles()) before.add(handle);
    if (basename(tmpdir()).startsWith(OWN)) watch = new FolderWatch(tmpdir());
  }

  /** @param {{ path: string }} test */
  onTestFileResult({ path }) {
    const file = relative(this.#root, path);
    for (const handle of activeHandles()) {
      if (!before.has(handle) && !openedBy.has(handle)) openedBy.set(handle, file);
    }
    watch?.check(file);
  }
}
