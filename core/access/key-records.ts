/** Keys that an admin makes, as REST, the command line and the web UI have them: never with their token. */

import { z } from 'zod';
import { ROLES } from '../principal.ts';
import { PERMISSION_NAMES, PERMISSIONS } from './permissions.ts';

const MOST_DAYS = 3650;
const MOST_OVERLAP_HOURS = 720;

export const AccessKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  scopes: z
    .array(z.string())
    .nullable()
    .describe('Permissions that it is narrowed to; null: all of its role.'),
  owner: z.string().describe('Whose what it makes is.'),
  created_by: z.string(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable().describe('To the minute.'),
  revoked_at: z.string().nullable(),
  rotated_to: z.string().nullable().describe('The key that took its place; it ends at expires_at.'),
  state: z.enum(['active', 'rotated', 'expired', 'revoked']),
});
export type AccessKeyRecord = z.infer<typeof AccessKeySchema>;

/** A key that was just made: the only time that its token is shown. */
export const MadeKeySchema = z.object({ key: AccessKeySchema, token: z.string() });
export type MadeKey = z.infer<typeof MadeKeySchema>;

export const NewKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  role: z.enum(ROLES),
  scopes: z.array(z.enum(PERMISSION_NAMES)).min(1).max(Object.keys(PERMISSIONS).length).optional(),
  owner: z
    .string()
    .regex(/^[\w.@-]{1,100}$/, 'must be letters, digits, and . _ @ -')
    .optional()
    .describe('Whose what it makes is; keys of one owner share. Default: its own.'),
  days: z.number().int().min(1).max(MOST_DAYS).optional().describe('Days until it ends. Default: never.'),
});
export type NewKey = z.infer<typeof NewKeySchema>;

export const RotateKeySchema = z.strictObject({
  overlap_hours: z
    .number()
    .min(0)
    .max(MOST_OVERLAP_HOURS)
    .default(24)
    .describe('Hours for which the former one is still let in.'),
});

/** What its bearer is told of oneself. */
export const CallerSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  role: z.enum(ROLES),
  permissions: z.array(z.enum(PERMISSION_NAMES)),
  signed_in: z.boolean().describe('True for a browser that has signed in, and can sign out.'),
  keys_required: z.boolean().describe('False where whoever reaches loopback is the admin.'),
});
export type Caller = z.infer<typeof CallerSchema>;

/** What a browser sends to sign in. */
export const SignInSchema = z.strictObject({
  key: z.string().trim().min(1).max(1_000).describe('A key: it is exchanged for a cookie, and not stored.'),
});
