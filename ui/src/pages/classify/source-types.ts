import type { SourceType } from '../../lib/api/classification.ts';

export const TYPE_NAMES: Readonly<Record<SourceType, string>> = {
  sample: 'bundled tables',
  files: 'files',
  s3: 'S3 prefix',
  postgres: 'Postgres',
  duckdb: 'DuckDB',
  hive: 'Hive',
};
