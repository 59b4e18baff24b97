/** What the built-in tools need to know of sessions and the store. */

import type { DatasetFile, ManifestEntry } from '../core/records.ts';

export interface ToolSources {
  /** An epoch higher than every one before. */
  takeEpoch(): Promise<number>;
  /** The session's last checkpoint, its tree on demand; null when nothing has run yet. */
  lastCheckpoint(sessionId: string): Promise<{ id: string; entries(): Promise<ManifestEntry[]> } | null>;
  /** Files of the session's experiment. */
  datasets(experimentId: string): Promise<DatasetFile[]>;
  readBlob(sha256: string): AsyncIterable<Uint8Array>;
  readObject(key: string): Promise<AsyncIterable<Uint8Array>>;
}
