/**
 * `decisions.json`: what is in force in a session, as scripts read it and as another session begins with it. One schema
 * is its whole truth: files are checked by it, and `docs/decisions.schema.json` is written from it.
 */

import { z } from 'zod';
import {
  DECIDERS,
  type Decision,
  inForce,
  KEY,
  LARGEST_VALUE,
  LONGEST_KEY,
  LONGEST_REASON,
} from './decisions.ts';
import { STAGES } from './stages.ts';

/** In the session's folder. */
export const DECISIONS_FILE = 'decisions.json';
/** What a reader has to know is another one when a file means something else than before. */
export const LEDGER_VERSION = 1;
/** Every column of a wide table. */
const MOST_FILED = 10_000;

const BYTES = new TextEncoder();
const isSmall = (value: unknown): boolean =>
  BYTES.encode(JSON.stringify(value ?? null)).length <= LARGEST_VALUE;

const FiledDecisionSchema = z.strictObject({
  key: z
    .string()
    .max(LONGEST_KEY)
    .regex(KEY, 'must be words with dots between them, such as split.by')
    .describe('Dotted: `target`, `split.by`, `column.age.use`.'),
  value: z
    .json()
    .refine(isSmall, `must take at most ${LARGEST_VALUE} bytes`)
    .describe(`At most ${LARGEST_VALUE} bytes of JSON.`),
  by: z.enum(DECIDERS).default('person').describe('Who has decided it.'),
  stage: z
    .enum(STAGES)
    .nullable()
    .default(null)
    .describe('The stage that decided it, or that it concerns first.'),
  reason: z.string().max(LONGEST_REASON).default('').describe('One sentence.'),
  inherited_from: z.guid().nullable().default(null).describe('The session that it had been kept from.'),
  to_confirm: z.boolean().default(false).describe('True for a safe choice that nobody has confirmed yet.'),
});
type FiledDecision = z.infer<typeof FiledDecisionSchema>;

export const LedgerFileSchema = z
  .strictObject({
    version: z.literal(LEDGER_VERSION).describe('Of this form.'),
    session: z.guid().nullable().default(null).describe('The session in which this was in force.'),
    decisions: z
      .array(FiledDecisionSchema)
      .max(MOST_FILED)
      .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'must name each key once')
      .describe('What is in force; each key once.'),
  })
  .meta({
    title: 'decisions.json',
    description: 'The decisions in force in a session of Tempera, and what another session may begin with.',
  });

/** The form as a JSON schema: what `docs/decisions.schema.json` holds. */
export function ledgerFileJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(LedgerFileSchema, { io: 'input' });
}

/** `decisions.json` of a ledger; '' where nothing is in force. */
export function ledgerFile(ledger: readonly Decision[]): string {
  const held = [...inForce(ledger).values()];
  const [first] = held;
  if (first === undefined) return '';
  const file = { version: LEDGER_VERSION, session: first.session_id, decisions: held.map(filed) };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** What is said only where there is something to say: most rows are decided here, and confirmed. */
function filed({
  key,
  value,
  by,
  stage,
  reason,
  inherited_from,
  to_confirm,
}: Decision): Partial<FiledDecision> {
  return {
    ...{ key, value: value as FiledDecision['value'], by, stage, reason },
    ...(inherited_from !== null && { inherited_from }),
    ...(to_confirm && { to_confirm }),
  };
}
