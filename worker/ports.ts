/** Ports to adapters: the one place where the worker's parts are made. */

import { join } from 'node:path';
import type { ClassificationPorts } from '../activities/classification/index.ts';
import type { ActivityPorts } from '../activities/index.ts';
import type { WebhookPorts } from '../activities/webhooks/index.ts';
import { createCatalogue } from '../agents/index.ts';
import { createThreadedRunWork } from '../classification/runs/in-thread.ts';
import {
  type Config,
  configuredConnections,
  connectedParts,
  connectionHosts,
  createPolicyReader,
  policyFile,
} from '../config/index.ts';
import { budgetsByPolicy } from '../core/budgets.ts';
import type { ColumnSources } from '../core/ports/column-sources.ts';
import { logLine } from '../core/redaction.ts';
import { type CredentialSeal, credentialSeal } from '../core/sealed-credentials.ts';
import { createDatabase, createEventHub, type Database, openConnections } from '../db/index.ts';
import { createLanguageModels } from '../models/index.ts';
import { createFileSamples } from '../sandbox-client/file-samples.ts';
import { type ConfiguredHosts, createSandboxHosts } from '../sandbox-client/hosts.ts';
import { createConfiguredProvider } from '../sandbox-client/providers/configured.ts';
import { createColumnSources, createOutbound } from '../sources/index.ts';
import * as storage from '../storage/index.ts';
import { temporaryFolder } from './temporary-files.ts';

export interface WorkerPorts {
  activities: ActivityPorts;
  classification: ClassificationPorts;
  webhooks: WebhookPorts;
  hosts: ConfiguredHosts;
  close(): Promise<void>;
}

/** Characters of a tool's output that a model sees of its head, and as many of its tail. */
const OUTPUT_HEAD = 8_000;
const MAX_ANSWER_TOKENS = 16_000;

export function createPorts(config: Config): WorkerPorts {
  const parts = connectedParts(config);
  const database = createDatabase({
    url: parts.databaseUrl,
    poolSize: config.database.poolSize,
  });
  const events = createEventHub(database, {
    pollMilliseconds: config.timing.readerPollMilliseconds,
  });
  const objects = storage.createObjectStore(parts.s3);
  const sandbox = createSandboxHosts(
    createConfiguredProvider(parts.sandbox, { keeps: true, tell: logEvent }),
  );
  const outbound = createOutbound({ allowed: config.outbound.allowedHosts });
  const { anthropic } = config.model;
  const policies = createPolicyReader(policyFile(config.root), {
    warn: (message) => console.error(logLine({ level: 'warn', what: 'policies', message })),
  });
  const activities: ActivityPorts = {
    database,
    events,
    objects,
    blobs: storage.createBlobStore(objects),
    keys: storage,
    models: createLanguageModels({
      playbooksFolder: join(config.root, 'sandbox', 'playbooks'),
      autopilotThread: join(config.root, 'build', 'autopilot.mjs'),
      anthropic:
        anthropic.apiKey === null
          ? undefined
          : {
              apiKey: anthropic.apiKey,
              baseUrl: anthropic.baseUrl,
              usualModel: anthropic.model,
              thinking: { kind: anthropic.thinking, tokens: anthropic.thinkingTokens },
              onNotice: logNotice,
            },
    }),
    agents: createCatalogue(join(config.root, 'agents')),
    sandbox,
    budgetOf: budgetsByPolicy(policies),
    settings: {
      heartbeatSeconds: config.timing.heartbeatTimeoutSeconds,
      bugAttempts: config.worker.bugAttempts,
      idleHours: config.timing.idleWorkflowHours,
      continueAfterEvents: config.timing.continueAfterEvents,
      providerPauses: {
        first: config.timing.providerPauseSeconds,
        longest: config.timing.providerPauseMaximumSeconds,
      },
      executionSeconds: config.limits.executionSeconds,
      maxAnswerTokens: MAX_ANSWER_TOKENS,
      callsPerAnswer: config.limits.callsPerAnswer,
      outputHeadBytes: OUTPUT_HEAD,
      killAfterMs: config.timing.interruptGraceSeconds * 1000,
      cancelUploadMs: config.timing.cancelUploadSeconds * 1000,
      checkpointBytes: config.limits.checkpointBytes,
      limits: {
        memoryBytes: config.limits.memoryBytes,
        workspaceBytes: config.limits.workspaceBytes,
        workspaceFiles: config.limits.workspaceFiles,
        processes: config.limits.processes,
        outputBytes: config.limits.outputBytes,
        tmpBytes: config.limits.temporaryBytes,
      },
      memoryRetryFactor: config.limits.memoryRetryFactor,
    },
  };
  return {
    activities,
    classification: {
      ...{ database, events, objects, sandbox, keys: storage, settings: activities.settings },
      models: activities.models,
      budgetOf: budgetsByPolicy(policies),
      columnSources: columnSources(config, { database, objects, sandbox }),
      classifier: createThreadedRunWork(join(config.root, 'build', 'classifier.mjs'), {
        folder: join(config.root, 'classification'),
      }),
      temporaryFolder: temporaryFolder(config.home),
    },
    webhooks: { database, outbound, seal: sealOf(config), bugAttempts: config.worker.bugAttempts },
    hosts: sandbox,
    async close() {
      policies.close();
      await sandbox.close();
      await events.close();
      await database.close();
    },
  };
}

interface SourceParts {
  database: Database;
  objects: storage.ObjectStore;
  sandbox: ConfiguredHosts;
}

/** Opens what api has sealed; null where there is no key. */
function sealOf({ sources: { credentialsKey } }: Config): CredentialSeal | null {
  return credentialsKey === null ? null : credentialSeal(credentialsKey);
}

/** Where columns come from; outages of others' stores are the activities' to wait for. */
function columnSources(config: Config, { database, objects, sandbox }: SourceParts): ColumnSources {
  const { folders } = config.sources;
  const { uploadBytes: fileBytes, unpackedBytes } = config.limits;
  return createColumnSources({
    ...{ sampleFolder: join(config.root, 'classification', 'sample'), folders },
    ...{ bucket: config.s3.bucket, store: objects },
    makeStore: (address) => storage.createObjectStore({ ...address, attempts: 3 }),
    connections: openConnections(database, {
      configured: configuredConnections(config).connections,
      seal: sealOf(config),
      reach: createOutbound({ allowed: connectionHosts(config) }).resolve,
    }),
    samples: createFileSamples(sandbox, { fileBytes, unpackedBytes }),
  });
}

/** What a person should know and nothing fails for, such as a model without a known price. */
function logNotice(message: string): void {
  console.error(logLine({ level: 'warn', what: 'model', message }));
}

/** What a provider of sandbox hosts does, and what a host at Modal says. */
function logEvent(event: object): void {
  console.error(logLine({ what: 'sandbox', ...event }));
}
