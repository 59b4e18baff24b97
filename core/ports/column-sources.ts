/**
 * Where columns come from that are to be classified: tables of a source, and samples of their columns.
 *
 * 1. What a source gives is somebody else's: names, types and values are made lawful and bounded by the adapter.
 * 2. Sampling twice gives the same values while the source has not changed.
 * 3. Tables come in the order of their database's and their own name, so that a run can go on after any of them.
 */

/** In the order in which they are told. */
export const SOURCE_TYPES = ['sample', 'files', 's3', 'postgres', 'duckdb', 'hive'] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];

/** A source as an adapter needs it; its credentials are looked up by `connection`, and stand nowhere else. */
export interface OpenedSource {
  id: string;
  type: SourceType;
  /** A folder, a prefix, a database's address without credentials; of an upload its id. */
  uri: string;
  /** Of a configured or sealed connection; null: none is needed. */
  connection: string | null;
  /** Files of an upload, by name. */
  files: readonly { name: string; s3_path: string; size: number; sha256: string }[];
}

export interface SourceTable {
  database: string;
  table: string;
  /** How the adapter finds the table again: a file with its sheet, a schema. At most 2,000 characters of JSON. */
  reference: Record<string, unknown>;
}

export interface SampledColumn {
  name: string;
  /** As the source declares it, or as it was read. */
  type: string;
  /** 0 for the table's first column. */
  position: number;
  total_count: number | null;
  null_count: number | null;
  distinct_count: number | null;
  /** Non-null values as text, at most `sampleSize`, evenly over the table; each at most 2,000 UTF-16 units. */
  reservoir: string[];
  /** The term that the source itself names for it, where it does. */
  reference_code: string | null;
  /** By a foreign key of the source; left out where it knows none. */
  references?: ReferencedColumn | undefined;
  /** It is of the table's primary key. */
  is_key?: boolean | undefined;
}

/** A column of another table. */
export interface ReferencedColumn {
  table: string;
  column: string;
}

export interface SampledTable {
  columns: SampledColumn[];
  /** What of it was not read, with the reason, in sentences for people. */
  left_out: string[];
}

export interface Probe {
  ok: boolean;
  /** For people: what was found, or what is wrong and how to mend it. Never a credential. */
  message: string;
  /** Null where it is not known. */
  tables: number | null;
}

export interface ColumnSources {
  /**
   * At most `limit` tables after `after` ({database, table}; null: from the first).
   * @throws TemperaError INVALID_INPUT with what is wrong with the source; an outage's code when it does not answer
   */
  tables(
    source: OpenedSource,
    page: { after: Pick<SourceTable, 'database' | 'table'> | null; limit: number },
  ): Promise<SourceTable[]>;
  /** @throws TemperaError NOT_FOUND when the table is gone */
  sample(source: OpenedSource, table: SourceTable, sampleSize: number): Promise<SampledTable>;
  /** Tries the source within ten seconds; never throws for what is wrong with it. */
  probe(source: OpenedSource): Promise<Probe>;
}
