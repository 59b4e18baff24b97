/**
 * The port to samples of files from outside: their bytes are parsed in a sandbox's child, never in api or worker.
 * Expected failures are TemperaErrors: INVALID_DATASET, NOT_FOUND, TOO_LARGE, QUERY_TIMEOUT, SANDBOX_UNAVAILABLE.
 */

import type { SampledTable } from './column-sources.ts';

/** A file as its bytes are had. */
export interface SampledFile {
  /** As messages call it; its ending may help to tell what it is. */
  name: string;
  size: number;
  /** Null: not known before it is read. */
  sha256: string | null;
  /** Its bytes from the first on; may be asked for twice. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

export interface TableOfFile {
  /** As `sample` takes it: a sheet, a member of an archive, `schema.table` of a database; '' for the only one. */
  table: string;
  /** Of a database file. */
  schema?: string | undefined;
  /** Of a database file: its name there. */
  name?: string | undefined;
}

export interface FileSamples {
  /** The tables in a file, by name. */
  tables(file: SampledFile): Promise<{ tables: TableOfFile[]; left_out: string[] }>;
  /** One of them; '' is the only one, or the largest. */
  sample(file: SampledFile, request: { table: string; sampleSize: number }): Promise<SampledTable>;
}
