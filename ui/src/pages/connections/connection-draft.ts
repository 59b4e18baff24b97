/** A connection that is being made: what each type is called and asked for, and the body that is sent. */

import { ADDRESS_FORMS, type ConnectionType, CREDENTIAL_FIELDS } from '../../../../core/connection-forms.ts';
import type { NewConnection } from '../../lib/api/classification.ts';

interface TypeWords {
  label: string;
  does: string;
}

export const TYPE_WORDS: Readonly<Record<ConnectionType, TypeWords>> = {
  postgres: { label: 'Postgres', does: 'Tables and views that its user may read.' },
  s3: { label: 'S3 bucket', does: 'Table files of a bucket, of any S3 service.' },
  hive: { label: 'Hive', does: 'Tables of a HiveServer2, over Thrift.' },
};

const FIELD_WORDS: Readonly<Record<string, string>> = {
  user: 'User',
  password: 'Password',
  access_key: 'Access key',
  secret_key: 'Secret key',
};

export interface CredentialField {
  name: string;
  label: string;
  /** Never shown while it is typed. */
  isSecret: boolean;
}

/** What a server of the type is told of who asks. */
export const credentialFields = (type: ConnectionType): CredentialField[] =>
  CREDENTIAL_FIELDS[type].map((name) => ({
    ...{ name, label: FIELD_WORDS[name] ?? name },
    isSecret: name === 'password' || name === 'secret_key',
  }));

export const exampleOf = (type: ConnectionType): string => ADDRESS_FORMS[type].example;

export interface ConnectionEntries {
  name: string;
  type: ConnectionType;
  address: string;
  isShared: boolean;
  /** By field; of other types, too. */
  credentials: Readonly<Record<string, string>>;
}

/** What is left empty is not sent: some servers ask for none. */
export function connectionBody(entries: ConnectionEntries): NewConnection {
  const { name, type, address, isShared, credentials } = entries;
  const given = credentialFields(type).flatMap((field): [string, string][] => {
    const value = credentials[field.name] ?? '';
    return value === '' ? [] : [[field.name, value]];
  });
  return {
    ...{ name: name.trim(), type, address: address.trim() },
    scope: isShared ? 'shared' : 'private',
    credentials: Object.fromEntries(given),
  };
}
