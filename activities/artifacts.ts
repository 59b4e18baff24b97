/** Copies a stage's files from blobs to readable keys and describes them as artifacts. */

import { derivedId } from '../core/ids.ts';
import type { Artifact, ManifestEntry } from '../core/records.ts';
import type { StageRunKey } from '../workflows/contract/activities.ts';
import { eachOf } from './checkpoints.ts';
import type { ActivityPorts } from './ports.ts';

/** Copies in flight at once. */
const PARALLEL_COPIES = 8;

export type SyncedArtifact = Omit<Artifact, 'created_at'>;

/** @returns the artifacts of the stage, every one of which is in the store under its own key */
export async function syncArtifacts(
  ports: ActivityPorts,
  call: StageRunKey,
  entries: ManifestEntry[],
): Promise<SyncedArtifact[]> {
  const files = entries.filter((entry) => entry.kind === 'file' && entry.path.startsWith(`${call.stage}/`));
  const artifacts = files.map((entry) => toArtifact(ports, call, entry));
  await eachOf(artifacts, PARALLEL_COPIES, (artifact) =>
    ports.objects.copy(ports.keys.blobKey(artifact.sha256), artifact.s3_path),
  );
  return artifacts;
}

function toArtifact(ports: ActivityPorts, call: StageRunKey, entry: ManifestEntry): SyncedArtifact {
  const { sessionId, stage, run } = call;
  return {
    id: derivedId('artifact', sessionId, stage, run, entry.path),
    session_id: sessionId,
    stage,
    run,
    step_id: null,
    stale: false,
    type: artifactType(entry.path),
    name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
    path: entry.path,
    s3_path: ports.keys.artifactKey(call, entry.path),
    size: entry.size,
    sha256: entry.sha256,
    metadata: {},
  };
}

/** What a file of the workspace layout is. */
export function artifactType(path: string): Artifact['type'] {
  if (/\/report\.md$/.test(path)) return 'report';
  if (/\/figures\/.+\.(png|svg|jpe?g)$/.test(path)) return 'chart';
  if (/\/scripts\/.+\.py$/.test(path)) return 'script';
  if (/\/metadata\.json$/.test(path)) return 'metadata';
  if (/\.(pkl|joblib|skops|onnx)$/.test(path)) return 'model';
  if (/\.(parquet|csv|tsv)$/.test(path)) return 'dataset';
  return 'file';
}
