/** `tempera classify attachments`: what patterns and lists of known values attach to in a vocabulary. */

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AttachableSchema, AttachmentSchema } from '../../core/classification/answers.ts';
import {
  type AttachmentChange,
  AttachmentChangeRecordSchema,
  BUNDLED_VOCABULARY,
} from '../../core/classification/records.ts';
import { type Command, type CommandContext, text, type Values } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { tableOf } from '../output.ts';

const Attachments = z.object({
  items: z.array(AttachmentSchema),
  changes: z.array(AttachmentChangeRecordSchema),
  attachable: z.array(AttachableSchema),
});
const Undone = z.object({ items: z.array(AttachmentChangeRecordSchema) });

const attachments: Command = {
  name: 'classify attachments',
  usage: '[VOCABULARY] [--attach MEANING=CODE | --detach MEANING=CODE | --undo ID] [--changes]',
  summary:
    'Lists which forms and lists attach to which term of a vocabulary (default: the bundled one), or changes it for ' +
    'later runs; --changes lists what people have changed, with the ids that --undo takes.',
  options: {
    ...{ attach: { type: 'string' }, detach: { type: 'string' }, undo: { type: 'string' } },
    changes: { type: 'boolean' },
  },
  arguments: [0, 1],
  async run(context, [vocabulary = BUNDLED_VOCABULARY], values) {
    const change = changeOf(values);
    const path = `/api/vocabularies/${encodeURIComponent(vocabulary)}/attachments`;
    if (change === null) return await list(context, path, values.changes === true);
    const client = await context.api();
    const rows =
      typeof change === 'string'
        ? (await client.request(Undone, `${path}/undo`, { json: { ids: [change] } })).items
        : [
            await client.request(AttachmentChangeRecordSchema, path, {
              ...{ json: change, idempotencyKey: randomUUID() },
            }),
          ];
    context.output.result({ changes: rows }, tableOf(rows.map(changeRow), context.terminal.columns));
    return undefined;
  },
};

/** What is to be changed, or the id of a change that is to be undone. @throws CommandError usage */
function changeOf(values: Values): AttachmentChange | string | null {
  const undo = text(values, 'undo');
  const given = [
    ...(['attach', 'detach'] as const).flatMap((change) => {
      const pair = text(values, change);
      return pair === undefined ? [] : [{ ...pairOf(change, pair), change }];
    }),
    ...(undo === undefined ? [] : [undo]),
  ];
  if (given.length > 1) throw usageError('Give one of --attach, --detach, --undo.');
  return given[0] ?? null;
}

function pairOf(option: string, pair: string): { meaning: string; code: string } {
  const at = pair.indexOf('=');
  if (at < 1 || at === pair.length - 1)
    throw usageError(`--${option} takes MEANING=CODE, such as email=CONTACT_MAIL; not ${pair}.`);
  return { meaning: pair.slice(0, at), code: pair.slice(at + 1) };
}

async function list(
  { api, output, terminal }: CommandContext,
  path: string,
  isOfChanges: boolean,
): Promise<undefined> {
  const found = await (await api()).request(Attachments, path);
  const rows = isOfChanges ? found.changes.map(changeRow) : found.items.map(attachmentRow);
  output.result({ attachments: found.items, changes: found.changes }, tableOf(rows, terminal.columns));
  if (!isOfChanges)
    output.say(`What can be attached: ${found.attachable.map(({ meaning }) => meaning).join(', ')}.`);
  return undefined;
}

function attachmentRow({ meaning, code, patterns, list: known, reason }: z.infer<typeof AttachmentSchema>) {
  const brings = [
    ...patterns.map(({ title }) => title),
    ...(known === null ? [] : [`${known.values} known values`]),
  ];
  return { code, meaning, brings: brings.join(', '), reason };
}

function changeRow({
  id,
  change,
  meaning,
  code,
  by,
  undone_by,
}: z.infer<typeof AttachmentChangeRecordSchema>) {
  return { id, change, meaning, code, by, undone: undone_by ?? '' };
}

export const classificationAttachmentCommands: Command[] = [attachments];
