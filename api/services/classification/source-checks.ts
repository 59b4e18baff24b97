/** What a data source may be, before anything of it is opened. */

import type { DataConnection } from '../../../core/connections.ts';
import { TemperaError } from '../../../core/errors.ts';
import type { Principal } from '../../../core/principal.ts';
import { isDatabaseFile } from '../../../core/table-files.ts';
import type { SourceBody } from '../../classification-schemas.ts';

/** `user:password@` of an address, or a parameter that is called so. */
const CREDENTIALS = [
  /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:[^/?#@]*@/i,
  /[?&;\s](?:password|passwd|pwd|secret|token|access_key|secret_key)=/i,
];

const OF_UPLOADS: readonly string[] = ['files', 'duckdb'];

/** What is read by the credentials of a data connection. */
const OF_CONNECTIONS: readonly string[] = ['postgres', 'hive'];

/** @throws TemperaError INVALID_INPUT with what to send instead, FORBIDDEN */
export function assertSource(body: SourceBody, { role }: Principal): void {
  const { source_type, source_uri, upload_ids, connection } = body;
  if (source_type === 'sample')
    throw wrong('source_type', 'the bundled tables are a source already, called sample');
  if (upload_ids !== undefined && !OF_UPLOADS.includes(source_type))
    throw wrong('upload_ids', `uploads make a source of the type ${OF_UPLOADS.join(' or ')}`);
  if (upload_ids !== undefined && (source_uri !== undefined || connection !== undefined))
    throw wrong('upload_ids', 'leave them out where an address or a connection is named, or these');
  if (source_type === 'duckdb' && upload_ids === undefined)
    throw wrong('upload_ids', 'upload the database’s file, and name it here');
  if (source_uri !== undefined && CREDENTIALS.some((form) => form.test(source_uri)))
    throw wrong('source_uri', 'must hold no password: make a data connection and name it as connection');
  if (OF_CONNECTIONS.includes(source_type) && connection === undefined)
    throw wrong('connection', `name the data connection by which a ${source_type} is read`);
  if (upload_ids === undefined && source_uri === undefined && connection === undefined)
    throw wrong('source_uri', 'give it, a connection, or for files upload_ids');
  // what the platform’s own machine can reach is its operator’s to open
  if (upload_ids === undefined && role !== 'admin') {
    const message =
      'Only an admin may name an address or a connection. Upload the files, and name them as upload_ids.';
    throw new TemperaError('FORBIDDEN', message);
  }
}

/** @throws TemperaError INVALID_INPUT where it is read by another one's rules */
export function assertOfType({ name, type }: DataConnection, source_type: string): void {
  if (type !== source_type)
    throw wrong('connection', `${name} is a connection of the type ${type}, not ${source_type}`);
}

/** @throws TemperaError INVALID_INPUT for a database among tables, and the other way round */
export function assertFileOfType(file: string, source_type: string): void {
  if (isDatabaseFile(file) === (source_type === 'duckdb')) return;
  const type = isDatabaseFile(file) ? 'a database, which makes a source of the type duckdb' : 'no database';
  throw wrong('upload_ids', `${file} is ${type}`);
}

const wrong = (field: string, message: string): TemperaError =>
  new TemperaError('INVALID_INPUT', `The request is not understood. body.${field}: ${message}.`, {
    details: { issues: [{ field: `body.${field}`, message }] },
  });
