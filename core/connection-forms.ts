/** What a data connection of each type is asked for; no schema, so that pages may read it too. */

export const CONNECTION_TYPES = ['postgres', 's3', 'hive'] as const;
export type ConnectionType = (typeof CONNECTION_TYPES)[number];

/** What a server of each type is told of who asks; all may be left out where it asks for none. */
export const CREDENTIAL_FIELDS = {
  postgres: ['user', 'password'],
  s3: ['access_key', 'secret_key'],
  hive: ['user', 'password'],
} as const satisfies Record<ConnectionType, readonly string[]>;

export interface AddressForm {
  protocols: readonly string[];
  example: string;
  parameters: readonly string[];
}

export const ADDRESS_FORMS: Record<ConnectionType, AddressForm> = {
  postgres: {
    protocols: ['postgres:', 'postgresql:'],
    example: 'postgres://db.example.org:5432/sales?sslmode=verify-full',
    parameters: ['sslmode'],
  },
  s3: {
    protocols: ['https:', 'http:'],
    example: 'https://s3.example.org/bucket?region=eu-central-1',
    parameters: ['region'],
  },
  hive: {
    protocols: ['hive2:'],
    example: 'hive2://hive.example.org:10000/sales?auth=plain',
    parameters: ['auth', 'ssl'],
  },
};
