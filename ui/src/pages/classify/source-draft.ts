/** A source that is being added: what is entered, what is wrong with it, and the body that is sent. */

import type { NewSource, SourceType } from '../../lib/api/classification.ts';

/**
 * How a person brings tables: by files that go up, by a connection that stands on the platform, or by an address; each
 * with the platform's type.
 */
export const SOURCE_KINDS = [
  {
    ...{ id: 'upload', type: 'files', by: ['files'], label: 'Upload files' },
    does: 'CSV, TSV, Parquet, JSON or Excel from this computer; each file is a table, of Excel each sheet.',
  },
  {
    ...{ id: 'postgres', type: 'postgres', by: ['connection'], label: 'Postgres' },
    does: 'All tables and views that the connection’s user may read.',
  },
  {
    ...{ id: 's3', type: 's3', by: ['connection', 'address'], label: 'S3 prefix' },
    does: 'Every table file below a prefix of a bucket.',
    example: 's3://bucket/exports/2026/',
  },
  {
    ...{ id: 'duckdb', type: 'duckdb', by: ['files'], label: 'DuckDB file' },
    does: 'A database file from this computer, with all of its tables.',
  },
  {
    ...{ id: 'folder', type: 'files', by: ['address'], label: 'Folder' },
    does: 'Every table file of a folder that the platform’s machine can read.',
    example: '/data/exports',
  },
  {
    ...{ id: 'hive', type: 'hive', by: ['connection'], label: 'Hive' },
    does: 'Tables of a HiveServer2, by its Thrift protocol.',
  },
] as const satisfies readonly {
  id: string;
  type: SourceType;
  /** What it may be named by; one is needed. */
  by: readonly ('files' | 'connection' | 'address')[];
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

/** Whether a source of the kind may be named so. */
export const isNamedBy = (id: SourceKind, way: 'files' | 'connection' | 'address'): boolean =>
  kindOf(id).by.some((each) => each === way);

const SECRET = /:\/\/[^/?#@\s]*:[^/?#@\s]*@|[?&;\s](?:password|passwd|pwd|secret|token)=/i;

export type SourceField = 'name' | 'address' | 'files' | 'connection';

/** By field, as sentences. */
export function sourceErrors(entries: SourceEntries): Partial<Record<SourceField, string>> {
  const { kind, name, address, connection, uploads } = entries;
  const wrong: Partial<Record<SourceField, string>> = {};
  if (name.trim() === '') wrong.name = 'Give it a name.';
  if (isNamedBy(kind, 'files') && uploads.length === 0) wrong.files = 'Choose at least one file.';
  if (isNamedBy(kind, 'address')) {
    const isNamed = address.trim() !== '' || (isNamedBy(kind, 'connection') && connection !== '');
    if (!isNamed) wrong.address = 'Give its address.';
    if (SECRET.test(address))
      wrong.address = 'Leave the password out: it would be seen by all. A data connection keeps it sealed.';
  } else if (isNamedBy(kind, 'connection') && connection === '')
    wrong.connection = 'Choose the connection by which it is read.';
  return wrong;
}

export function sourceBody(entries: SourceEntries): NewSource {
  const { kind, name, address, connection, vocabulary, isShared, uploads } = entries;
  const uri = isNamedBy(kind, 'address') ? address.trim() : '';
  return {
    ...{ display_name: name.trim(), source_type: kindOf(kind).type },
    ...(isNamedBy(kind, 'files') ? { upload_ids: [...uploads] } : {}),
    ...(uri === '' ? {} : { source_uri: uri }),
    ...(isNamedBy(kind, 'connection') && connection !== '' ? { connection } : {}),
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
