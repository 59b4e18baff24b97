/** Everything that the activities need from the world, passed in by the worker. */

import type { AgentCatalogue } from '../agents/index.ts';
import type { BudgetOf } from '../core/budgets.ts';
import type { LanguageModels } from '../core/ports/model.ts';
import type { ExecutionLimits, SandboxHosts } from '../core/ports/sandbox.ts';
import type { ProviderPauses } from '../core/provider-wait.ts';
import type { Database, EventHub } from '../db/index.ts';
import type * as storage from '../storage/index.ts';

/** Settings of the activities; each is documented with the configuration. */
export interface ActivitySettings {
  heartbeatSeconds: number;
  /** Attempts at an activity that fails for a bug, before its stage fails. */
  bugAttempts: number;
  idleHours: number;
  continueAfterEvents: number;
  /** Seconds between tries at a model's provider that does not answer. */
  providerPauses: ProviderPauses;
  /** Seconds of one execution, from the child's first instruction. */
  executionSeconds: number;
  /** Upper bound of one answer's tokens. */
  maxAnswerTokens: number;
  /** Tool calls of one answer that are run; those beyond are answered with an error. */
  callsPerAnswer: number;
  /** Bytes of a tool's output that a model sees: this much of its head and of its tail. */
  outputHeadBytes: number;
  /** Milliseconds between an interrupt and the kill that follows it. */
  killAfterMs: number;
  /** Milliseconds for which what cancelled code left is still uploaded. */
  cancelUploadMs: number;
  /** Bytes of checkpoints that a session keeps. */
  checkpointBytes: number;
  limits: ExecutionLimits;
  /** Code that ran out of memory is run once more with this times `limits.memoryBytes`; 1: not. */
  memoryRetryFactor: number;
}

export interface ActivityPorts {
  database: Database;
  events: EventHub;
  objects: storage.ObjectStore;
  blobs: storage.BlobStore;
  keys: Pick<typeof storage, 'blobKey' | 'artifactKey'>;
  models: LanguageModels;
  agents: AgentCatalogue;
  sandbox: SandboxHosts;
  settings: ActivitySettings;
  /** What a role’s keys and people may spend. Default: nobody is limited. */
  budgetOf?: BudgetOf;
}
