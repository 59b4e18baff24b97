/** What a workspace of readers holds: the experiment's datasets, and of a checkpoint what can be read of it. */

import { datasetPath } from '../core/file-names.ts';
import type { CheckpointTree, SandboxHost, WorkspaceKey } from '../core/ports/sandbox.ts';
import type { ToolSources } from './tool-sources.ts';

/** What predictions are made with: the model, and the library's wheel that it is loaded with. */
const OF_THE_MODEL = /^train\/models\/(model\.pkl|[^/]+-py3-none-any\.whl)$/;

/** Sends the experiment's files that the host does not hold yet. */
export async function sendDatasets(
  host: SandboxHost,
  sources: ToolSources,
  { experimentId, held }: { experimentId: string; held: { path: string; sha256: string }[] },
): Promise<void> {
  for (const file of await sources.datasets(experimentId)) {
    const path = datasetPath(file.name);
    if (held.some((each) => each.path === path && each.sha256 === file.sha256)) continue;
    const body = await sources.readObject(file.s3_path);
    await host.workspaces.writeDataset(experimentId, { path, sha256: file.sha256, size: file.size }, body);
  }
}

/** Fills a workspace with what queries and predictions can read of a checkpoint; '' with nothing empties it. */
export async function restoreReadable(
  host: SandboxHost,
  sources: ToolSources,
  { key, checkpoint }: { key: WorkspaceKey; checkpoint: CheckpointTree },
): Promise<void> {
  const entries = checkpoint.entries.filter(
    (entry) =>
      entry.kind === 'directory' ||
      /\.(csv|tsv|parquet|json)$/.test(entry.path) ||
      OF_THE_MODEL.test(entry.path),
  );
  const tree = { id: checkpoint.id, entries };
  await host.workspaces.restore(key, tree, (sha256) => sources.readBlob(sha256));
}
