/**
 * Workspaces of those who only read a session, shared: all who read it at one checkpoint use one.
 *
 * 1. Whoever comes first fills it; the others wait for that. So no reader takes an epoch against another.
 * 2. It never changes while somebody reads in it. A session has two of them by turns: readers of a new checkpoint do
 *    not wait for those of the one before, only for those of the one before that.
 * 3. What is gone, with its host or by another process, is opened anew: reading may be repeated.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { TemperaError } from '../core/errors.ts';
import { heard } from '../core/heard.ts';
import type { SandboxHost, SandboxHosts } from '../core/ports/sandbox.ts';
import type { SandboxSession } from '../core/ports/sandbox-tools.ts';
import type { ManifestEntry } from '../core/records.ts';
import { restoreReadable, sendDatasets } from './reader-files.ts';
import type { ToolSources } from './tool-sources.ts';

export interface Readers {
  /** Runs `use` over the session's last checkpoint; it may run twice. `workspace` is the id that tools are given. */
  read<T>(session: SandboxSession, use: (host: SandboxHost, workspace: string) => Promise<T>): Promise<T>;
  /** Every workspace that a reader of the session may have. */
  workspaces(sessionId: string): string[];
  /** Nothing is known of the session any more. */
  forget(sessionId: string): void;
}

/** How often reading is begun anew when what it reads is taken away. */
const ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 200;
/** Milliseconds after the last reading in which a workspace is kept for the next one. */
const IDLE_MS = 10 * 60_000;

/** One of a session's two workspaces. */
interface Place {
  readonly workspace: string;
  /** The checkpoint at which it stands or is being brought to; null while it is closed. */
  at: string | null;
  host: Promise<SandboxHost> | null;
  users: number;
  /** Called when the last of its users has left. */
  freed: (() => void)[];
  idle: NodeJS.Timeout | null;
}

interface Checkpoint {
  id: string;
  entries: () => Promise<ManifestEntry[]>;
}

export function createReaders(hosts: SandboxHosts, sources: ToolSources): Readers {
  const places = new Map<string, Place[]>();

  function placesOf(sessionId: string): Place[] {
    const known = places.get(sessionId) ?? readerWorkspaces(sessionId).map(closedPlace);
    places.set(sessionId, known);
    return known;
  }

  /** A place at the session's last checkpoint, with this reader among its users. */
  async function enter(session: SandboxSession): Promise<Place> {
    for (;;) {
      const last = await sources.lastCheckpoint(session.id);
      const known = placesOf(session.id);
      const there = known.find((place) => place.at === (last?.id ?? ''));
      if (there) return taken(there);
      const [next] = known.filter((place) => place.users === 0);
      if (next) return taken(opening(next, session, last));
      // both are read: the one that is free first is asked again for what is the last checkpoint by then
      await Promise.race(known.map(untilFree));
    }
  }

  function opening(place: Place, session: SandboxSession, last: Checkpoint | null): Place {
    const former = place.host;
    const host = openPlace(hosts, sources, { session, workspace: place.workspace, last, former });
    place.at = last?.id ?? '';
    place.host = heard(host);
    // what did not open is tried again by the next reader
    host.catch(() => {
      if (place.host === host) shut(place);
    });
    return place;
  }

  function leave(sessionId: string, place: Place): void {
    place.users -= 1;
    if (place.users > 0) return;
    for (const freed of place.freed.splice(0)) freed();
    place.idle = setTimeout(() => void close(sessionId, place), IDLE_MS).unref();
  }

  /** Nobody has read in it for long: its host has its room back. */
  async function close(sessionId: string, place: Place): Promise<void> {
    try {
      const { host } = place;
      shut(place);
      if (placesOf(sessionId).every((each) => each.at === null)) places.delete(sessionId);
      const key = { sessionId: place.workspace, epoch: await sources.takeEpoch() };
      await (await host)?.workspaces.cleanup(key);
    } catch {
      // it goes with its session, or with its host
    }
  }

  return {
    async read(session, use) {
      for (let attempt = 1; ; attempt += 1) {
        const place = await enter(session);
        const { host } = place;
        try {
          return await use(await requireHost(host), place.workspace);
        } catch (error) {
          // others may have opened it anew meanwhile
          if (place.host === host && isTakenAway(error)) shut(place);
          if (attempt >= ATTEMPTS || !isTakenAway(error)) throw error;
        } finally {
          leave(session.id, place);
        }
        // two processes that take turns at one moment would go on taking it from each other
        await delay(Math.random() * LONGEST_PAUSE_MS);
      }
    },
    workspaces: readerWorkspaces,
    forget: (sessionId) => {
      for (const place of places.get(sessionId) ?? []) if (place.idle) clearTimeout(place.idle);
      places.delete(sessionId);
    },
  };
}

const readerWorkspaces = (sessionId: string): string[] => [`${sessionId}-reader`, `${sessionId}-reader-2`];

const closedPlace = (workspace: string): Place => ({
  ...{ workspace, at: null, host: null, users: 0, freed: [], idle: null },
});

function taken(place: Place): Place {
  place.users += 1;
  if (place.idle) clearTimeout(place.idle);
  place.idle = null;
  return place;
}

function shut(place: Place): void {
  place.at = null;
  place.host = null;
}

const untilFree = (place: Place): Promise<void> =>
  new Promise((resolve) => place.freed.push(() => resolve()));

async function requireHost(host: Promise<SandboxHost> | null): Promise<SandboxHost> {
  const there = await host;
  if (there) return there;
  throw new TemperaError('SANDBOX_UNAVAILABLE', 'The reader of the session was closed. Try again.');
}

interface Opening {
  session: SandboxSession;
  workspace: string;
  last: Checkpoint | null;
  /** Where it stood before: what it holds there goes, when it is opened elsewhere. */
  former: Promise<SandboxHost> | null;
}

/** A host on which the workspace stands at the checkpoint. */
async function openPlace(
  hosts: SandboxHosts,
  sources: ToolSources,
  { session, workspace, last, former }: Opening,
): Promise<SandboxHost> {
  const host = await hosts.choose();
  const before = await former?.catch(() => null);
  if (before && before.id !== host.id) {
    const key = { sessionId: workspace, epoch: await sources.takeEpoch() };
    await before.workspaces.cleanup(key).catch(() => undefined); // a host that is gone took it along
  }
  const key = { sessionId: workspace, epoch: await sources.takeEpoch() };
  const { at, datasets } = await host.workspaces.initialize(key, session.experiment_id);
  await sendDatasets(host, sources, { experimentId: session.experiment_id, held: datasets });
  if ((last?.id ?? '') !== at) {
    const entries = (await last?.entries()) ?? [];
    await restoreReadable(host, sources, { key, checkpoint: { id: last?.id ?? '', entries } });
  }
  return host;
}

/** Whether the workspace was lost, and not its reader refused: to another process, with its host, or cleaned up. */
function isTakenAway(error: unknown): boolean {
  if (!(error instanceof TemperaError)) return false;
  if (error.code === 'NOT_FOUND') return error.details.kind === 'session';
  return error.code === 'SUPERSEDED' || error.code === 'SANDBOX_UNAVAILABLE';
}
