/** The ports to a sandbox host: its workspaces and its executions. Refusals are TemperaErrors. */

import type { ManifestEntry } from '../records.ts';

/** `at` of a workspace whose content is no checkpoint's: something has run in it since. */
export const DIRTY = 'dirty';

export interface WorkspaceKey {
  sessionId: string;
  /** Fences: the host refuses (SUPERSEDED) an epoch lower than it has seen. */
  epoch: number;
}

export interface InitializedWorkspace {
  /** Checkpoint id at which the workspace stands; '' = empty; DIRTY. */
  at: string;
  /** Outer uid of the lease. */
  uid: number;
  /** Files of the experiment that the host holds. */
  datasets: { path: string; sha256: string; size: number }[];
}

export type ReadBlob = (sha256: string) => AsyncIterable<Uint8Array>;

/** A checkpoint's id and its files; '' and none for an empty workspace. */
export interface CheckpointTree {
  id: string;
  entries: ManifestEntry[];
}

export interface Workspaces {
  initialize(key: WorkspaceKey, experimentId: string): Promise<InitializedWorkspace>;
  writeDataset(
    experimentId: string,
    file: { path: string; sha256: string; size: number },
    body: AsyncIterable<Uint8Array>,
  ): Promise<void>;
  /** Empties the workspace and fills it with the checkpoint's tree. @returns bytes written */
  restore(key: WorkspaceKey, tree: CheckpointTree, read: ReadBlob): Promise<number>;
  /** The workspace's tree now; `refused` are paths that no checkpoint can hold, each with its reason. */
  scan(key: WorkspaceKey): Promise<{ entries: ManifestEntry[]; refused: string[] }>;
  /** One file's bytes, holes as zeros; SUPERSEDED when the file has other content than the entry says. */
  readFile(sessionId: string, file: ManifestEntry): AsyncIterable<Uint8Array>;
  /** Removes the workspace; fine when there is none. */
  cleanup(key: WorkspaceKey): Promise<void>;
  /** Removes the copies of a dataset whose experiment is gone, unless a session there works with them. */
  forgetDataset(experimentId: string): Promise<void>;
}

/** What one execution may use; the host refuses or ends what goes beyond, by name. */
export interface ExecutionLimits {
  memoryBytes: number;
  workspaceBytes: number;
  workspaceFiles: number;
  processes: number;
  outputBytes: number;
  tmpBytes: number;
}

export interface ExecutionRequest extends WorkspaceKey {
  executionId: string;
  /** Checkpoint id; '' = empty workspace. */
  base: string;
  code: string;
  /** Where the script is kept in the workspace. */
  scriptPath: string;
  timeoutMs: number;
  environment: Record<string, string>;
  limits: ExecutionLimits;
  /** W3C traceparent, '' where there is none. */
  traceContext: string;
  /** Runs it as a cell of the session's living kernel of that name, on `generation` only where it is given. */
  kernel?: { name: string; generation?: string };
  /** 1: it waits for a GPU of the host and sees only that one. Default 0. */
  gpus?: number;
  /** What is in force, as decisions.json holds it; '' (the default): nothing is written. */
  decisions?: string;
}

export const EXIT_STATUSES = [
  'ok',
  'error',
  'timeout',
  'oom',
  'interrupted',
  'killed',
  'quota',
  'crashed',
  /** It was killed from outside, through no fault of the code: its zygote or init died. */
  'lost',
] as const;
export type ExitStatus = (typeof EXIT_STATUSES)[number];

export interface ExecutionExit {
  status: ExitStatus;
  code: number;
  signal: number;
  /** From the child's first instruction to its end. */
  durationUs: number;
  cpuUs: number;
  peakMemoryBytes: number;
  errorName: string;
  errorValue: string;
  traceback: string;
  /** One sentence for the agent. */
  message: string;
  filesChanged: string[];
  /** Why the living kernel is gone with its cell; '' when it lives or there is none. */
  kernelLost?: string;
}

export interface LoggedMetric {
  step: number;
  name: string;
  /** May be NaN or infinite. */
  value: number;
  run_tag: string;
}

/** The living kernel that a cell runs in. */
export interface StartedKernel {
  generation: string;
  /** The cell is its first. */
  isNew: boolean;
  /** Why the one before was lost, '' when none was. */
  lost: string;
}

export type ExecutionPayload =
  | { kind: 'started'; kernel?: StartedKernel }
  | { kind: 'output'; stream: 'stdout' | 'stderr'; data: Uint8Array; byteOffset: number }
  | { kind: 'metrics'; items: LoggedMetric[] }
  | { kind: 'charts'; json: string }
  | { kind: 'rich'; json: string }
  | { kind: 'decision'; json: string }
  | { kind: 'exit'; exit: ExecutionExit };

/** One record of an execution's spool; a reader that has handled `offset` attaches again from offset + 1. */
export type ExecutionChunk = { offset: number } & ExecutionPayload;

/** Where an execution's spool is read from. */
export interface SpoolPlace {
  executionId: string;
  epoch: number;
  fromOffset: number;
}

export interface Executions {
  /** Starts the execution, or attaches to it when its id is known. Ending the iteration only detaches. */
  start(request: ExecutionRequest, signal: AbortSignal): AsyncIterable<ExecutionChunk>;
  /** @throws TemperaError NOT_FOUND when the host does not know the id */
  attach(place: SpoolPlace, signal: AbortSignal): AsyncIterable<ExecutionChunk>;
  /** SIGINT now, the whole process namespace killed `killAfterMs` later. */
  interrupt(executionId: string, epoch: number, killAfterMs: number): Promise<void>;
  /** The outcome is committed: the spool may go; the workspace stands at `checkpoint` ('' = none was taken). */
  acknowledge(executionId: string, epoch: number, checkpoint: string): Promise<void>;
  /** One short confined run of a built-in tool. */
  runTool(request: BuiltInToolRequest): Promise<Record<string, unknown>>;
}

export interface BuiltInToolRequest {
  /** '' for a tool that reads only the experiment's dataset. */
  sessionId: string;
  experimentId: string;
  tool: string;
  parameters: Record<string, unknown>;
  timeoutMs?: number;
}

export interface SandboxHost {
  readonly id: string;
  readonly address: string;
  /** GPUs that executions can get there. */
  readonly gpus: number;
  readonly workspaces: Workspaces;
  readonly executions: Executions;
}

/** Where a session's workspace lives is a lease; this finds hosts for new ones. */
export interface SandboxHosts {
  /** The host by id, or null when it is gone. */
  find(hostId: string): Promise<SandboxHost | null>;
  /**
   * A host that takes a new workspace, with a GPU where `gpu` asks for one (default: no).
   * @throws TemperaError SANDBOX_UNAVAILABLE, NO_GPU when every host answers and none has one
   */
  choose(need?: { gpu: boolean }): Promise<SandboxHost>;
}
