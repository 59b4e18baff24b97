/** Keys by which people and programs are let in. A token is printed once, when it is made. */

import { z } from 'zod';
import { type AccessKeyRecord, AccessKeySchema, MadeKeySchema } from '../../core/access/key-records.ts';
import { isPermission, PERMISSION_NAMES } from '../../core/access/permissions.ts';
import { ROLES } from '../../core/principal.ts';
import { type Command, type CommandContext, text } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { tableOf } from '../output.ts';
import { Anything } from '../records.ts';
import { oneOf, wholeNumber } from './option-values.ts';

const Keys = z.object({ items: z.array(AccessKeySchema) });
const PATH = '/api/keys';

const list: Command = {
  name: 'keys list',
  usage: '',
  summary: 'Lists the keys that were made, with their role, end and last use.',
  arguments: [0, 0],
  async run({ api, output, terminal }) {
    const { items } = await (await api()).request(Keys, PATH);
    output.result({ keys: items }, tableOf(items.map(row), terminal.columns));
    return undefined;
  },
};

function row({ id, name, role, state, scopes, expires_at, last_used_at }: AccessKeyRecord) {
  const ends = expires_at ?? 'never';
  return {
    ...{ name, role, state, ends, last_used: last_used_at ?? 'never', scopes: scopes?.join(' ') ?? 'all' },
    id,
  };
}

const create: Command = {
  name: 'keys create',
  usage: 'NAME --role ROLE [--scopes PERMISSION,PERMISSION] [--owner OWNER] [--days N]',
  summary: 'Makes a key and prints its token, which is shown this once.',
  options: {
    ...{ role: { type: 'string' }, scopes: { type: 'string' } },
    ...{ owner: { type: 'string' }, days: { type: 'string' } },
  },
  arguments: [1, 1],
  async run(context, [name = ''], values) {
    const role = oneOf(values, 'role', ROLES);
    if (role === undefined) throw usageError(`Name the role: --role ${ROLES.join('|')}.`);
    const scopes = text(values, 'scopes')?.split(',').map(scopeOf);
    const owner = text(values, 'owner');
    const days = wholeNumber(values, 'days', { least: 1, otherwise: 0, most: 3650 });
    const json = { name, role, ...(scopes && { scopes }), ...(owner && { owner }), ...(days && { days }) };
    await printMade(context, PATH, json);
    return undefined;
  },
};

function scopeOf(word: string): string {
  const scope = word.trim();
  if (isPermission(scope)) return scope;
  throw usageError(`--scopes takes ${PERMISSION_NAMES.join(', ')}, not '${scope}'.`);
}

const rotate: Command = {
  name: 'keys rotate',
  usage: 'ID [--overlap HOURS]',
  summary: 'Makes a new token in the place of a key, which is let in for the overlap (default: 24 hours).',
  options: { overlap: { type: 'string' } },
  arguments: [1, 1],
  async run(context, [id = ''], values) {
    const json = { overlap_hours: wholeNumber(values, 'overlap', { least: 0, otherwise: 24, most: 720 }) };
    await printMade(context, `${PATH}/${encodeURIComponent(id)}/rotate`, json);
    return undefined;
  },
};

async function printMade({ api, output }: CommandContext, path: string, json: object): Promise<void> {
  const client = await api();
  const { key, token } = await client.request(MadeKeySchema, path, { json });
  const ends = key.expires_at === null ? 'never' : `at ${key.expires_at}`;
  output.result(
    { key, token },
    `${token}\n  The key ${key.name} (${key.id}) of the role ${key.role} ends ${ends}. Its token is shown this once.\n`,
  );
}

const revoke: Command = {
  name: 'keys revoke',
  usage: 'ID',
  summary: 'Takes a key back: it is let in no longer, and streams that it opened end within seconds.',
  arguments: [1, 1],
  async run({ api, output }, [id = '']) {
    await (await api()).request(Anything, `${PATH}/${encodeURIComponent(id)}`, { method: 'DELETE' });
    output.result({ id, revoked: true }, `The key ${id} is taken back.\n`);
    return undefined;
  },
};

export const keyCommands: Command[] = [list, create, rotate, revoke];
