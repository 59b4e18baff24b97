/** The sandbox's tools over this platform's rows and objects. */

import type { Config, ConnectedParts } from '../config/index.ts';
import type { FileSamples } from '../core/ports/file-samples.ts';
import type { SandboxTools } from '../core/ports/sandbox-tools.ts';
import { LOCAL } from '../core/principal.ts';
import { getExperiment, latestCheckpoint, takeEpoch } from '../db/index.ts';
import { createFileSamples } from '../sandbox-client/file-samples.ts';
import { createSandboxHosts } from '../sandbox-client/hosts.ts';
import { createConfiguredProvider } from '../sandbox-client/providers/configured.ts';
import { createSandboxTools } from '../sandbox-client/tools.ts';
import type { ApiDependencies } from './dependencies.ts';
import { manifestOf } from './services/session-files.ts';

export interface ConnectedTools {
  tools: SandboxTools;
  samples: FileSamples;
  close(): void;
}

/** Connects on first use. Callers have checked that the principal may see the session. */
export function connectTools(
  sandbox: ConnectedParts['sandbox'],
  { db, store, blobs }: Pick<ApiDependencies, 'db' | 'store' | 'blobs'>,
  { columns, uploadBytes, unpackedBytes, sqlSeconds }: Config['limits'],
): ConnectedTools {
  const hosts = createSandboxHosts(createConfiguredProvider(sandbox, { keeps: false }));
  const sources = {
    takeEpoch: () => takeEpoch(db),
    async lastCheckpoint(sessionId: string) {
      const checkpoint = await latestCheckpoint(db, sessionId);
      return checkpoint && { id: checkpoint.id, entries: () => manifestOf(blobs, checkpoint) };
    },
    async datasets(experimentId: string) {
      return (await getExperiment(db, LOCAL, experimentId))?.dataset.files ?? [];
    },
    async *readBlob(sha256: string) {
      yield* await blobs.get(sha256);
    },
    readObject: async (key: string) => (await store.get(key)).body,
  };
  const tools = createSandboxTools(hosts, sources, { columns, unpackedBytes, sqlSeconds });
  return {
    tools: {
      ...tools,
      async status() {
        const layers = (await hosts.statuses()).flatMap((host) => host.isolation);
        return { ...(await tools.status()), layers };
      },
    },
    samples: createFileSamples(hosts, { fileBytes: uploadBytes, unpackedBytes }),
    close: () => hosts.close(),
  };
}
