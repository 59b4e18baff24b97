/** A source that is being added: what is entered, what is wrong with it, and the body that is sent. */

import type { NewSource, SourceType } from '../../lib/api/classification.ts';

/** How a person brings tables, each with the platform's type and what is asked for. */
export const SOURCE_KINDS = [
  {
    ...{ id: 'upload', type: 'files', label: 'Upload files' },
    does: 'CSV, TSV, Parquet, JSON or Excel from this computer; each file is a table, of Excel each sheet.',
  },
  {
    ...{ id: 'postgres', type: 'postgres', label: 'Postgres' },
    does: 'All tables and views that its user may read.',
    example: 'postgres://db.example.org:5432/sales',
  },
  {
    ...{ id: 's3', type: 's3', label: 'S3 prefix' },
    does: 'Every table file below a prefix of a bucket.',
    example: 's3://bucket/exports/2026/',
  },
  {
    ...{ id: 'duckdb', type: 'duckdb', label: 'DuckDB file' },
    does: 'A database file that the platform’s machine can read.',
    example: '/data/warehouse.duckdb',
  },
  {
    ...{ id: 'folder', type: 'files', label: 'Folder' },
    does: 'Every table file of a folder that the platform’s machine can read.',
    example: '/data/exports',
  },
  {
    ...{ id: 'hive', type: 'hive', label: 'Hive' },
    does: 'Tables of a HiveServer2, by its Thrift protocol.',
    example: 'hive://hive.example.org:10000/sales',
  },
] as const satisfies readonly {
  id: string;
  type: SourceType;
  label: string;
  does: string;
  example?: string;
}[];
export type SourceKind = (typeof SOURCE_KINDS)[number]['id'];

export interface SourceEntries {
  kind: SourceKind;
  name: string;
  address: string;
  connection: string;
  vocabulary: string;
  isShared: boolean;
  /** Ids of uploads that are there. */
  uploads: readonly string[];
}

export const kindOf = (id: SourceKind) => SOURCE_KINDS.find((kind) => kind.id === id) ?? SOURCE_KINDS[0];

const SECRET = /:\/\/[^/?#@\s]*:[^/?#@\s]*@|[?&;\s](?:password|passwd|pwd|secret|token)=/i;

/** By field, as sentences. */
export function sourceErrors(entries: SourceEntries): Partial<Record<'name' | 'address' | 'files', string>> {
  const { kind, name, address, connection, uploads } = entries;
  const wrong: Partial<Record<'name' | 'address' | 'files', string>> = {};
  if (name.trim() === '') wrong.name = 'Give it a name.';
  if (kind === 'upload' && uploads.length === 0) wrong.files = 'Choose at least one file.';
  if (kind !== 'upload' && address.trim() === '' && connection === '')
    wrong.address = 'Give its address, or choose a connection.';
  if (kind !== 'upload' && SECRET.test(address))
    wrong.address = 'Leave the password out: it would be seen by all. A data connection keeps it sealed.';
  return wrong;
}

export function sourceBody(entries: SourceEntries): NewSource {
  const { kind, name, address, connection, vocabulary, isShared, uploads } = entries;
  const isUpload = kind === 'upload';
  return {
    ...{ display_name: name.trim(), source_type: kindOf(kind).type },
    ...(isUpload ? { upload_ids: [...uploads] } : {}),
    ...(!isUpload && address.trim() !== '' ? { source_uri: address.trim() } : {}),
    ...(!isUpload && connection !== '' ? { connection } : {}),
    ...(vocabulary === '' ? {} : { vocabulary_id: vocabulary }),
    scope: isShared ? 'shared' : 'private',
  };
}

/** `sales_2024.csv` and two more → `Sales 2024 and 2 more`. */
export function nameOfFiles(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined) return '';
  const words = first
    .replace(/\.[^.]+(\.gz)?$/i, '')
    .replace(/[_-]+/g, ' ')
    .trim();
  const name = words === '' ? first : words.charAt(0).toUpperCase() + words.slice(1);
  return names.length > 1 ? `${name} and ${names.length - 1} more` : name;
}
