/** The command that shows who did what. */

import { z } from 'zod';
import { AUDIT_RESULTS, type AuditRow, AuditRowSchema } from '../../core/audit.ts';
import { type Command, text, type Values } from '../command.ts';
import { tableOf } from '../output.ts';
import { oneOf, wholeNumber } from './option-values.ts';

const Rows = z.object({ items: z.array(AuditRowSchema), next_cursor: z.string().nullable() });
const DEFAULT_ROWS = 50;
const MOST_ROWS = 200;

function filterOf(values: Values): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ['principal', 'action', 'object', 'since', 'until']) {
    const value = text(values, name);
    if (value !== undefined) query.set(name, value);
  }
  const result = oneOf(values, 'result', AUDIT_RESULTS);
  if (result !== undefined) query.set('result', result);
  return query;
}

/** One row as a line for people. */
export function auditLine(row: AuditRow): Record<string, unknown> {
  const { at, principal, name, action, object_kind, object_id, result, code } = row;
  return {
    at,
    who: name ?? principal ?? '(nobody)',
    action,
    object: object_id === null ? object_kind : `${object_kind} ${object_id}`,
    result: code === null ? result : `${result} (${code})`,
  };
}

const audit: Command = {
  name: 'audit',
  usage:
    '[--principal ID] [--action ACTION] [--object ID] [--result ok|refused|failed] [--since TIME] [--until TIME] ' +
    '[--limit N] [--export]',
  summary: 'Lists who did what, newest first; with --export all of it as lines of JSON.',
  options: {
    ...{ principal: { type: 'string' }, action: { type: 'string' }, object: { type: 'string' } },
    ...{ result: { type: 'string' }, since: { type: 'string' }, until: { type: 'string' } },
    ...{ limit: { type: 'string' }, export: { type: 'boolean' } },
  },
  arguments: [0, 0],
  async run({ api, output, terminal, signal }, _, values) {
    const query = filterOf(values);
    const client = await api();
    if (values.export === true) {
      const { body } = await client.open(`/api/audit/export?${query}`, { signal });
      for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) terminal.out(text);
      return undefined;
    }
    query.set(
      'limit',
      String(wholeNumber(values, 'limit', { least: 1, most: MOST_ROWS, otherwise: DEFAULT_ROWS })),
    );
    const { items } = await client.request(Rows, `/api/audit?${query}`);
    output.result({ items }, tableOf(items.map(auditLine), terminal.columns));
    return undefined;
  },
};

export const auditCommands: Command[] = [audit];
