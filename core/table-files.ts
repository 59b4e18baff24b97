/** Which files a table may come as: by the ends of their names, plain or packed. */

export const TABLE_ENDINGS = [
  ...['.csv', '.tsv', '.tab', '.txt'],
  ...['.xlsx', '.xlsm', '.xlsb', '.xls', '.ods'],
  ...['.parquet', '.pq', '.json', '.jsonl', '.ndjson'],
] as const;
/** Around a table, or around several. */
export const PACKED_ENDINGS = ['.gz', '.bz2', '.xz', '.zst', '.zip', '.tar', '.tgz'] as const;
/** Those that may hold files of any name: what is inside says the rest. */
export const ARCHIVE_ENDINGS = ['.zip', '.tar', '.tgz'] as const;
/** As people read it. */
export const TABLE_WORDS = 'csv, tsv, xlsx, ods, parquet, json or jsonl, also as gz, zip or tar';

/** Databases in a file, which data sources are made of. */
export const DATABASE_ENDINGS = ['.duckdb', '.ddb'] as const;

export const isDatabaseFile = (name: string): boolean =>
  DATABASE_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending));
