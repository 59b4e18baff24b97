/**
 * Data connections. Credentials come from what is typed, from the input or from the environment, never as words of the
 * command line, which every process of the machine may read.
 */

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Environment, readEnvironment } from '../../config/index.ts';
import { CONNECTION_TYPES, type ConnectionType, CREDENTIAL_FIELDS } from '../../core/connection-forms.ts';
import {
  type DataConnection,
  DataConnectionSchema,
  isConnectionAddress,
  type LastProbe,
  ProbeSchema,
} from '../../core/connections.ts';
import type { ApiClient } from '../api-client.ts';
import { type Command, type CommandContext, text } from '../command.ts';
import { EXIT, usageError } from '../exit-code.ts';
import { tableOf } from '../output.ts';
import { Anything } from '../records.ts';

const Connections = z.object({
  items: z.array(DataConnectionSchema),
  problems: z.array(z.object({ name: z.string(), message: z.string() })),
});
const Tested = ProbeSchema.extend({ at: z.string() });

const PATH = '/api/data-connections';
const pathOf = (name: string): string => `${PATH}/${encodeURIComponent(name)}`;

const list: Command = {
  name: 'connections list',
  usage: '',
  summary: 'Lists data connections with what came of their last test.',
  arguments: [0, 0],
  async run({ api, output, terminal }) {
    const { items, problems } = await (await api()).request(Connections, PATH);
    for (const { name, message } of problems) output.say(`Connection ${name} of the settings: ${message}`);
    output.result({ connections: items, problems }, tableOf(items.map(row), terminal.columns));
    return undefined;
  },
};

function row({
  name,
  type,
  address,
  scope,
  configured,
  last_probe,
}: DataConnection): Record<string, unknown> {
  return {
    ...{ name, type, address, scope: configured ? 'settings' : scope },
    answers: last_probe === null ? 'not tested' : last_probe.ok ? 'yes' : 'no',
    message: last_probe?.message,
  };
}

const add: Command = {
  name: 'connections add',
  usage: 'NAME ADDRESS [--shared] [--env PREFIX]',
  summary:
    'Stores a data connection and tests it; its credentials are asked for, read as lines of the input, or taken ' +
    'with --env from PREFIX_USER and PREFIX_PASSWORD (of S3 PREFIX_ACCESS_KEY and PREFIX_SECRET_KEY).',
  options: { shared: { type: 'boolean' }, env: { type: 'string' } },
  arguments: [2, 2],
  async run(context, [name = '', address = ''], values) {
    const type = typeOf(address);
    const prefix = text(values, 'env');
    const credentials =
      prefix === undefined
        ? await typedCredentials(context, type)
        : credentialsFrom(readEnvironment(context.config.root), { type, prefix });
    const client = await context.api();
    const json = { name, type, address, credentials, scope: values.shared === true ? 'shared' : 'private' };
    const connection = await client.request(DataConnectionSchema, PATH, {
      json,
      idempotencyKey: randomUUID(),
    });
    const probe = await tested(client, name);
    context.output.result({ ...connection, last_probe: probe }, `Stored. ${sentence(name, probe)}`);
    return probe.ok ? undefined : EXIT.failed;
  },
};

/** @throws CommandError for an address of no type, or with a password in it, before anything is sent */
export function typeOf(address: string): ConnectionType {
  const url = URL.canParse(address) ? new URL(address) : null;
  const type = url && CONNECTION_TYPES.find((each) => isConnectionAddress(each, url));
  if (!url || !type)
    throw usageError(
      'The address begins with postgres://, https:// (S3) or hive2://, such as postgres://host/database',
    );
  if (url.username !== '' || url.password !== '')
    throw usageError('Leave user and password out of the address: others may read it. They are asked for.');
  return type;
}

async function typedCredentials(
  { terminal }: CommandContext,
  type: ConnectionType,
): Promise<Record<string, string>> {
  const credentials: Record<string, string> = {};
  for (const field of CREDENTIAL_FIELDS[type]) {
    const typed = await terminal.secret(`  ${field.replace('_', ' ')} (not shown; empty: none) `);
    if (typed === null && field === CREDENTIAL_FIELDS[type][0])
      throw usageError(
        `No credentials: type them at a terminal, give ${CREDENTIAL_FIELDS[type].join(' and ')} as lines of the ` +
          'input, or name variables by --env PREFIX.',
      );
    if (typed) credentials[field] = typed;
  }
  return credentials;
}

/** @throws CommandError that names a variable that is missing */
export function credentialsFrom(
  environment: Environment,
  { type, prefix }: { type: ConnectionType; prefix: string },
): Record<string, string> {
  const entries = CREDENTIAL_FIELDS[type].map((field) => {
    const variable = `${prefix}_${field.toUpperCase()}`;
    const value = environment[variable];
    if (!value) throw usageError(`The variable ${variable} is not set.`);
    return [field, value] as const;
  });
  return Object.fromEntries(entries);
}

const test: Command = {
  name: 'connections test',
  usage: 'NAME',
  summary: 'Tries a data connection within ten seconds; exit code 1 when it does not answer.',
  arguments: [1, 1],
  async run({ api, output }, [name = '']) {
    const probe = await tested(await api(), name);
    output.result(probe, sentence(name, probe));
    return probe.ok ? undefined : EXIT.failed;
  },
};

const tested = async (client: ApiClient, name: string): Promise<LastProbe> =>
  await client.request(Tested, `${pathOf(name)}/test`, { json: {} });

const sentence = (name: string, { ok, message }: LastProbe): string =>
  `The connection ${name} ${ok ? 'answers' : 'cannot be used'}: ${message}\n`;

const remove: Command = {
  name: 'connections remove',
  usage: 'NAME',
  summary: 'Removes a data connection with its credentials; refused while a data source is read by it.',
  arguments: [1, 1],
  async run({ api, output }, [name = '']) {
    await (await api()).request(Anything, pathOf(name), { method: 'DELETE' });
    output.result({ name, removed: true }, `The connection ${name} is removed.\n`);
    return undefined;
  },
};

export const connectionCommands: Command[] = [list, add, test, remove];
