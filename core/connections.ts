/**
 * Data connections: where columns are read from elsewhere, and by whose credentials.
 *
 * 1. An address holds no credential, and credentials are written only: sealed in a row or given by the settings, and in
 *    no answer, event, log, workflow or message.
 * 2. A name is one connection's on the whole platform.
 */

import { z } from 'zod';
import { SCOPES } from './classification/records.ts';
import {
  ADDRESS_FORMS,
  CONNECTION_TYPES,
  type ConnectionType,
  CREDENTIAL_FIELDS,
} from './connection-forms.ts';
import { TemperaError } from './errors.ts';
import type { OpenedSource } from './ports/column-sources.ts';

export type Credentials = Readonly<Record<string, string>>;

const LONGEST_SECRET = 4_096;
const LONGEST_ADDRESS = 1_000;

/** Letters, digits, `-`, `_` and `.`, with a letter or digit first. */
export const CONNECTION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const ProbeSchema = z.object({
  ok: z.boolean(),
  message: z.string(),
  tables: z.number().int().nullable(),
});

export const DataConnectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  scope: z.enum(SCOPES),
  type: z.enum(CONNECTION_TYPES),
  /** Without credentials. */
  address: z.string(),
  /** Given by the settings: changed there alone. */
  configured: z.boolean(),
  created_at: z.string().nullable(),
  /** What came of the last test; null: it was not tested yet. */
  last_probe: ProbeSchema.extend({ at: z.string() }).nullable(),
});
export type DataConnection = z.infer<typeof DataConnectionSchema>;
export type LastProbe = NonNullable<DataConnection['last_probe']>;

/** The body of a new one. */
export const NewConnectionSchema = z.strictObject({
  name: z
    .string()
    .regex(CONNECTION_NAME, 'must be letters, digits, - _ . (at most 100), a letter or digit first'),
  type: z.enum(CONNECTION_TYPES),
  address: z.string().min(1).max(LONGEST_ADDRESS),
  scope: z.enum(SCOPES).default('private'),
  credentials: z.record(z.string().max(100), z.string().max(LONGEST_SECRET)).default({}),
});
export type NewConnection = z.infer<typeof NewConnectionSchema>;

/** Whether a URL is an address of the type, by how it begins. */
export const isConnectionAddress = (type: ConnectionType, { protocol }: URL): boolean =>
  ADDRESS_FORMS[type].protocols.includes(protocol);

/** The address as it is stored. @throws TemperaError INVALID_INPUT with what is wrong, never with its credential */
export function checkedAddress(type: ConnectionType, address: string): string {
  const form = ADDRESS_FORMS[type];
  const wrong = (problem: string) =>
    new TemperaError('INVALID_INPUT', `The address ${problem}. It has the form ${form.example}`, {
      details: { field: 'address' },
    });
  if (!URL.canParse(address)) throw wrong('is no URL');
  const url = new URL(address);
  if (!isConnectionAddress(type, url))
    throw wrong(`of a ${type} connection begins with ${form.protocols[0]}//`);
  if (url.username !== '' || url.password !== '')
    throw wrong('holds a user or a password: give these as credentials, they are stored sealed');
  if (url.hostname === '') throw wrong('names no server');
  if (url.hash !== '') throw wrong('holds a #');
  for (const name of url.searchParams.keys())
    if (!form.parameters.includes(name))
      throw wrong(`has a parameter [${name.slice(0, 50)}] that is not taken`);
  if (type !== 'hive' && pathOf(url) === '')
    throw wrong(type === 's3' ? 'names no bucket' : 'names no database');
  return url.toString();
}

/** What stands behind the server: a database, a bucket. */
export const pathOf = (url: URL): string => decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');

/** @throws TemperaError INVALID_INPUT with the fields that are taken */
export function checkedCredentials(type: ConnectionType, credentials: Credentials): Credentials {
  const fields: readonly string[] = CREDENTIAL_FIELDS[type];
  for (const name of Object.keys(credentials))
    if (!fields.includes(name)) {
      const message = `Credentials for ${type} are ${fields.join(' and ')}; [${name.slice(0, 50)}] is none of them.`;
      throw new TemperaError('INVALID_INPUT', message, { details: { field: 'credentials' } });
    }
  return credentials;
}

/** The source by which a connection is tested: all that can be read by it. */
export function sourceOfConnection({ id, name, type, address }: OpenedAddress): OpenedSource {
  const uri = type === 's3' ? `s3://${pathOf(new URL(address))}/` : address;
  return { id, type, uri, connection: name, files: [] };
}

type OpenedAddress = Pick<DataConnection, 'id' | 'name' | 'type' | 'address'>;

/** A message that a server sent, without any of the credentials that it may repeat. */
export function withoutCredentials(message: string, credentials: Credentials): string {
  const secrets = Object.values(credentials)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret.length > 0)
    .sort((one, other) => other.length - one.length);
  return secrets.reduce((text, secret) => text.replaceAll(secret, '••••••'), message);
}
