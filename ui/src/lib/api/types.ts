/**
 * The API's records by name. Pages take their types from here and nowhere else. Records come from the API's own
 * description (generated.ts, written by the build); what it leaves open, as a table's profile, is written here.
 */

import type { components, operations } from './generated.ts';

type Schemas = components['schemas'];

export const STAGES = ['eda', 'prep', 'train'] as const;
export type Stage = (typeof STAGES)[number];
export const STAGE_NAMES: Readonly<Record<Stage, string>> = { eda: 'EDA', prep: 'Prep', train: 'Train' };

export type SessionState = Session['state'];
export type WaitingReason = Waiting['reason'];
export type DataSharing = Experiment['data_sharing'];
export type ProblemType = NonNullable<Experiment['problem_type']>;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface ColumnProfile {
  name: string;
  type: string;
  /** The plan's kind; missing in profiles of older versions. */
  kind?: string;
  /** What the plan takes it for, as reports say it; missing in profiles of older versions. */
  kind_words?: string;
  missing?: number;
  distinct?: number;
  [particular: string]: unknown;
}

/** What the platform found in an uploaded table. */
export interface TableProfile {
  format: string;
  encoding: string | null;
  delimiter: string | null;
  rows: number;
  columns: ColumnProfile[];
  preview: unknown[];
  suggested_target: { name: string; reason: string } | null;
  /** The likeliest, the suggested one among them; missing in profiles of older versions. */
  target_candidates?: { name: string; reason: string }[];
  warnings: string[];
}

export interface Upload {
  id: string;
  name: string;
  size: number;
  profile?: TableProfile | null;
}

export type DatasetFile = Schemas['DatasetFile'];
export type Experiment = Omit<Schemas['Experiment'], 'dataset'> & {
  dataset: { files: DatasetFile[]; profile: TableProfile | null };
};
/** As lists show it: with its table's extent in place of the profile. */
export type ListedExperiment = Omit<Schemas['Experiment'], 'dataset'> & {
  dataset: { files: DatasetFile[]; shape: { rows: number; columns: number } | null };
};
export type Session = Schemas['Session'];
export type Limits = Session['limits'];
export type Waiting = Schemas['Waiting'];
export type SessionUsage = Schemas['Usage'];
export type Step = Schemas['Step'];
export type Decision = Schemas['Decision'];
export type Decider = Decision['by'];
export type Standing = Decision['standing'];
/** What changes of decisions do, or would do. */
export type ChangedDecisions =
  operations['postSessionsIdDecisions']['responses'][200]['content']['application/json'];
/** What a dry run tells of a session's decisions on a new file. */
export type AgainPreview = operations['postSessionsIdAgain']['responses'][200]['content']['application/json'];
export type AgainQuestion = AgainPreview['questions'][number];
export type Message = Schemas['Message'];
export type Artifact = Schemas['Artifact'];
export type Metric = Schemas['Metric'];

export type Endpoint = Schemas['Endpoint'];
export type ProcessStatus = Endpoint['status'];

export interface PartStatus {
  status: 'ok' | 'down';
  latency_ms: number;
  [particular: string]: unknown;
}

/** Sessions that wait for one provider of models, for one reason. */
export interface ProviderWaits {
  provider: string;
  cause: string;
  since: string | null;
  next_try: string | null;
  sessions: number;
}

export interface PlatformStatus {
  overall_status: 'connected' | 'degraded' | 'down';
  version: string;
  postgres: PartStatus;
  temporal: PartStatus;
  s3: PartStatus;
  workers: PartStatus;
  sandbox: PartStatus;
  models: { default: string; waits?: ProviderWaits[] };
  config: { has_anthropic: boolean; agent_model: string };
  /** What failed at the start and is not mended yet; why is told to admins. */
  start_problems?: { what: string; message: string | null; is_retried: boolean; at: string }[];
}

/** An event as served: a form of its own for each type. */
export type StoredEvent = Schemas['StoredEvent'];
export type Answer = Schemas['Answer'];
