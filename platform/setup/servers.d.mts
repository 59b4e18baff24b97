import type { Places } from './places.d.mts';
import type { ShownStep } from './progress.d.mts';

export interface KnownServer {
  name: string;
  title: string;
  release: string;
  archive: string;
  inner: string;
  module: string;
}
export function knownServers(
  places: Places,
  machine?: { os: string; arch: string },
): [KnownServer, KnownServer];
export function findServer(server: KnownServer, places: Places): string | null;
export function installServer(server: KnownServer, places: Places, step: ShownStep): Promise<string>;
