/**
 * Where a session's workspace lives (its lease), and the one way in which it gets to the state that an execution
 * starts from: the checkpoint `base`.
 */

import { TemperaError } from '../core/errors.ts';
import { datasetPath } from '../core/file-names.ts';
import type { SandboxHost, WorkspaceKey } from '../core/ports/sandbox.ts';
import { type Experiment, type ManifestEntry, ManifestEntrySchema } from '../core/records.ts';
import { getCheckpoint, getExperiment, getLease, getSession, upsertLease } from '../db/index.ts';
import type { StageRunKey } from '../workflows/contract/activities.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

export interface OpenWorkspace {
  host: SandboxHost;
  sessionId: string;
  experiment: Experiment;
  epoch: number;
  /** Checkpoint at which the workspace stands, '' or DIRTY. */
  at: string;
}

/**
 * Finds or makes the session's lease and initialises the workspace there, datasets included.
 * @throws TemperaError NO_GPU
 */
export async function openWorkspace(
  ports: ActivityPorts,
  session: Pick<StageRunKey, 'sessionId' | 'owner'>,
  { epoch, gpu = false }: { epoch: number; gpu?: boolean },
): Promise<OpenWorkspace> {
  const { database, sandbox } = ports;
  const principal = ownerOf(session);
  const row = await getSession(database, principal, session.sessionId);
  const experiment = row && (await getExperiment(database, principal, row.experiment_id));
  if (!experiment) throw new TemperaError('NOT_FOUND', `There is no session [${session.sessionId}].`);
  const lease = await getLease(database, session.sessionId);
  const key = { sessionId: session.sessionId, epoch };
  const found = lease && (await sandbox.find(lease.host));
  // without what is needed the session moves, as from a host that is gone: it starts from its checkpoint
  const held = found && (!gpu || found.gpus > 0) ? found : null;
  const { host, at, uid, datasets } =
    (held && (await openUnlessDraining(held, key, experiment.id))) ??
    (await open(await sandbox.choose({ gpu }), key, experiment.id));
  await database.transaction((tx) =>
    upsertLease(tx, {
      session_id: session.sessionId,
      host: host.id,
      address: host.address,
      uid,
      epoch,
    }),
  );
  await sendDatasets(ports, host, { experiment, present: datasets });
  return { host, sessionId: session.sessionId, experiment, epoch, at };
}

async function open(host: SandboxHost, key: WorkspaceKey, experimentId: string) {
  return { host, ...(await host.workspaces.initialize(key, experimentId)) };
}

/** Null where the host is being emptied and has no work of this session left: the session moves to another one. */
async function openUnlessDraining(host: SandboxHost, key: WorkspaceKey, experimentId: string) {
  try {
    return await open(host, key, experimentId);
  } catch (error) {
    if (error instanceof TemperaError && error.details.draining === 'true') return null;
    throw error;
  }
}

async function sendDatasets(
  ports: ActivityPorts,
  host: SandboxHost,
  { experiment, present }: { experiment: Experiment; present: { path: string; sha256: string }[] },
): Promise<void> {
  for (const file of experiment.dataset.files) {
    const path = datasetPath(file.name);
    if (present.some((held) => held.path === path && held.sha256 === file.sha256)) continue;
    const { body } = await ports.objects.get(file.s3_path);
    await host.workspaces.writeDataset(experiment.id, { path, sha256: file.sha256, size: file.size }, body);
  }
}

/** Brings the workspace to `base` (null = empty) unless it stands there. */
export async function restoreBase(
  ports: ActivityPorts,
  workspace: OpenWorkspace,
  base: string | null,
): Promise<void> {
  const target = base ?? '';
  if (workspace.at === target) return;
  const entries = base === null ? [] : await readManifest(ports, base);
  const key = { sessionId: workspace.sessionId, epoch: workspace.epoch };
  const tree = { id: target, entries };
  await workspace.host.workspaces.restore(key, tree, (sha256) => ports.blobs.get(sha256));
  workspace.at = target;
}

/** The tree of a checkpoint. @throws TemperaError NOT_FOUND */
export async function readManifest(
  { database, blobs }: ActivityPorts,
  checkpoint: string,
): Promise<ManifestEntry[]> {
  const row = await getCheckpoint(database, checkpoint);
  if (!row) throw new TemperaError('NOT_FOUND', `There is no checkpoint [${checkpoint}].`);
  return ManifestEntrySchema.array().parse(await blobs.readJson(row.manifest_sha256));
}
