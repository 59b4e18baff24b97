/**
 * The port to the sandbox's built-in tools: whatever parses hostile bytes (files, SQL) runs in a confined child,
 * never in api or worker. Expected failures are TemperaErrors: INVALID_DATASET, UNKNOWN_TARGET, INVALID_SQL,
 * NOT_FOUND, SANDBOX_TIMEOUT, SANDBOX_UNAVAILABLE, SANDBOX_ISOLATION.
 */

import { z } from 'zod';
import type { Principal } from '../principal.ts';
import type { DatasetFile } from '../records.ts';

/** What the tool `profile_upload` found in a table. Unknown fields are kept: a newer sandbox may say more. */
export const TableProfileSchema = z.looseObject({
  format: z.string(),
  encoding: z.string().nullable().optional(),
  delimiter: z.string().nullable().optional(),
  header: z.boolean().optional(),
  rows: z.number(),
  columns: z.array(z.looseObject({ name: z.string(), type: z.string(), kind_words: z.string().optional() })),
  preview: z.array(z.unknown()).optional(),
  suggested_target: z.looseObject({ name: z.string(), reason: z.string() }).nullable().optional(),
  target_candidates: z.array(z.looseObject({ name: z.string(), reason: z.string() })).optional(),
  warnings: z.array(z.string()).optional(),
});
export type TableProfile = z.infer<typeof TableProfileSchema>;

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a finished model takes and gives. */
export const ModelDescriptionSchema = z.looseObject({
  target: z.string().nullable(),
  problem_type: z.string().nullable(),
  classes: z.array(cell).nullable().optional(),
  title: z.string().nullable().optional(),
  primary_metric: z.string().nullable().optional(),
  metrics: z.record(z.string(), z.unknown()),
  prediction_interval: z.record(z.string(), z.unknown()).nullable().optional(),
  features: z.array(
    z.looseObject({
      name: z.string(),
      /** number, category, date or text */
      type: z.string(),
      min: cell.optional(),
      max: cell.optional(),
      categories: z.array(z.string()).optional(),
      example: cell.optional(),
    }),
  ),
});
export type ModelDescription = z.infer<typeof ModelDescriptionSchema>;

export const PredictionSchema = z.object({
  prediction: cell,
  /** of each class; none for a regression */
  probabilities: z.record(z.string(), z.number()).optional(),
  /** of a regression: where `level` of the held-out rows lay; none where those were too few to tell */
  interval: z.object({ low: z.number(), high: z.number(), level: z.number() }).optional(),
  /** what of the row is missing, unseen or out of range */
  warnings: z.array(z.string()),
});
export const PredictionsSchema = z.object({ predictions: z.array(PredictionSchema) });
export type Prediction = z.infer<typeof PredictionSchema>;

/** A piece of a table with its predictions, as CSV text; the first one begins with the header line. */
export const PredictedPieceSchema = z.object({
  csv: z.string(),
  rows: z.number(),
  /** where the next piece begins; null after the last one */
  next_row: z.number().nullable(),
  /** rows of the whole file */
  total: z.number(),
  /** columns that the model takes and the file lacks: they count as missing */
  missing: z.array(z.string()),
  /** columns of the file that the model does not know */
  ignored: z.array(z.string()),
  /** what a person should know of the file, a sentence each */
  remarks: z.array(z.string()),
  /** columns whose values differ from the training's: how far from 0 to 1, the farthest first */
  drift: z.array(
    z.object({ column: z.string(), what: z.string(), distance: z.number(), remark: z.string() }),
  ),
});
export type PredictedPiece = z.infer<typeof PredictedPieceSchema>;

export interface ProfileRequest {
  /** Under which id the file lies among the sandbox's datasets: the experiment's, or the upload's. */
  datasetId: string;
  file: DatasetFile;
  /** The column that is to be predicted; null lets the profile suggest one. */
  target: string | null;
}

/** The session whose workspace a query reads. */
export interface SandboxSession {
  id: string;
  experiment_id: string;
}

/** The session whose model is meant, by its content: a run that goes on may have left another one. */
export interface ModelSession extends SandboxSession {
  model_sha256: string;
}

export interface QueryResult {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  /** There are more rows. */
  truncated: boolean;
  /** Cells of which something was left out: long texts, lists and objects; counted from 0. */
  cut_cells: { row: number; column: number }[];
}

export interface TableSummary {
  name: string;
  /** Null for a file that cannot be read as a table; `error` says why. */
  rows: number | null;
  columns: { name: string; type: string }[];
  error?: string | undefined;
}

/** A list that may be cut, and how many it leaves out. */
export interface Listed<T> {
  items: T[];
  left_out: number;
}

export interface SandboxStatus {
  hosts: number;
  slots: number;
  running: number;
  queued: number;
  /** The weakest policy among the hosts: required, best or off. */
  isolation: string;
  /** False when policy forbids agent code here. */
  runs_agent_code: boolean;
  /** What holds code in, of each host: `held` by the kernel, `watched` or `missing`. */
  layers?: { name: string; level: string; detail: string }[];
}

export interface SandboxTools {
  /** Puts the file among the sandbox's datasets and profiles it there. */
  profileUpload(principal: Principal, request: ProfileRequest): Promise<TableProfile>;
  /** One read-only statement over the session's splits and data files; at most `limit` rows. */
  query(
    principal: Principal,
    session: SandboxSession,
    request: { sql: string; limit: number },
  ): Promise<QueryResult>;
  tables(principal: Principal, session: SandboxSession): Promise<Listed<TableSummary>>;
  /** One summary a column of `table`; NOT_FOUND when there is no such table. */
  columns(
    principal: Principal,
    session: SandboxSession,
    table: string,
  ): Promise<Listed<Record<string, unknown>>>;
  /** What the session's finished model takes; NOT_FOUND when there is none, or another one by now. */
  describeModel(principal: Principal, session: ModelSession): Promise<ModelDescription>;
  /** A prediction for each row; INVALID_INPUT for a value that is not of its column's type. */
  predictRows(
    principal: Principal,
    session: ModelSession,
    rows: readonly Record<string, unknown>[],
  ): Promise<Prediction[]>;
  /**
   * The file's rows with their predictions, as pieces of CSV text, each with what is to be known of the file. Nothing
   * runs before the first is asked for, and what is wrong with the file is said with it; the caller ends the
   * reading, so that its workspace goes.
   */
  predictFile(
    principal: Principal,
    session: ModelSession,
    request: Pick<ProfileRequest, 'datasetId' | 'file'>,
  ): AsyncGenerator<PredictedPiece, void, undefined>;
  status(): Promise<SandboxStatus>;
  /** Begins or ends the emptying of a host; executions that still run there. NOT_FOUND when it does not answer. */
  drain(hostId: string, on: boolean): Promise<number>;
  /** Ends what runs for the session and removes its workspace; succeeds when there is none. */
  forget(principal: Principal, session: Pick<SandboxSession, 'id'>): Promise<void>;
  /** Removes the copies of a dataset whose experiment is gone; succeeds when there are none. */
  forgetDataset(principal: Principal, experimentId: string): Promise<void>;
}
