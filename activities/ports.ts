/** Everything that the activities need from the world, passed in by the worker. */

import type { LanguageModels, ToolDefinition } from '../core/ports/model.ts';
import type { ExecutionLimits, SandboxHosts } from '../core/ports/sandbox.ts';
import type { ProviderPauses } from '../core/provider-wait.ts';
import type { Experiment } from '../core/records.ts';
import type { Stage } from '../core/stages.ts';
import type * as repositories from '../db/index.ts';
import type * as storage from '../storage/index.ts';

/** What the loop needs to know of agents: prompts, tools and the brief of a stage, as data. */
export interface AgentCatalogue {
  stage(stage: Stage): { system: string; tools: ToolDefinition[]; promptVersion: string };
  /** Which of the loop's three kinds a tool is; null for a name that no agent has. */
  toolKind(name: string): 'workspace' | 'read' | 'control' | null;
  /** Mends what of a call's input is no reason to refuse it, e.g. a title that is too long. */
  mendInput(name: string, input: Record<string, unknown>): Record<string, unknown>;
  /** Checks a call's input against the tool's schema. */
  parseInput(name: string, input: Record<string, unknown>): ParsedInput;
  /** The first message of a stage. */
  brief(brief: StageBrief): string;
  /** What an agent is told before the first message of a follow-up. */
  followUpBrief(): string;
}

export type ParsedInput = { ok: true; input: Record<string, unknown> } | { ok: false; message: string };

export interface StageBrief {
  stage: Stage;
  sessionId: string;
  experiment: Experiment;
  /** The summaries with which the stages before were finished. */
  summaries: { stage: Stage; summary: string }[];
}

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
  database: repositories.Database;
  repositories: typeof repositories;
  events: repositories.EventHub;
  objects: storage.ObjectStore;
  blobs: storage.BlobStore;
  keys: Pick<typeof storage, 'blobKey' | 'artifactKey'>;
  models: LanguageModels;
  agents: AgentCatalogue;
  sandbox: SandboxHosts;
  settings: ActivitySettings;
}
