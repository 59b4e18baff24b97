/**
 * What each role may do: the form of config/policies.yaml, and the one function that says whether something is allowed.
 * Whose an object is, is another question, which db answers: what is another's is not there.
 */

import { z } from 'zod';
import { TemperaError } from '../errors.ts';
import { type Principal, ROLES, type Role } from '../principal.ts';
import { PERMISSION_NAMES, PERMISSIONS, type Permission, READING } from './permissions.ts';

const Names = z.array(z.string().min(1).max(100)).default([]);
const Amount = z.number().positive().nullable().default(null);

/** What may be spent in a period; null sets no limit. */
const SpendingSchema = z.strictObject({ dollars: Amount, tokens: Amount });
const Unlimited = { dollars: null, tokens: null };

export const RolePolicySchema = z.strictObject({
  /** Which; `all` stands for each that there is. */
  permissions: z.array(z.enum(['all', ...PERMISSION_NAMES])),
  /** Requests in any minute; null sets no limit. */
  requests_per_minute: z.number().int().positive().nullable(),
  /** Event streams and sockets that each may hold open at once; null: as many as the processes serve. */
  streams_at_once: z.number().int().positive().nullable().default(null),
  /** Uploads that each may send at once; null sets no limit. */
  uploads_at_once: z.number().int().positive().nullable().default(null),
  /** Sessions that each may have stored; null sets no limit. */
  sessions_stored: z.number().int().positive().nullable().default(null),
  /** Bytes that each may have stored; null sets no limit. */
  bytes_stored: z.number().int().positive().nullable().default(null),
  /** What each person or key of the role may spend. */
  budgets: z
    .strictObject({ day: SpendingSchema.default(Unlimited), month: SpendingSchema.default(Unlimited) })
    .default({ day: Unlimited, month: Unlimited }),
  /** Tools that are never run for the role. */
  blocked_tools: Names,
  /** Tools whose job waits until an admin has approved it. */
  requires_approval: Names,
  /** Calls of a tool in any minute, by its name. */
  tool_calls_per_minute: z.record(z.string(), z.number().int().positive()).default({}),
});

const ReadingPolicySchema = RolePolicySchema.superRefine(({ permissions }, context) => {
  for (const [at, permission] of permissions.entries()) {
    if (permission !== 'all' && READING.has(permission)) continue;
    const message = `may not be '${permission}': the role readonly changes nothing`;
    context.addIssue({ code: 'custom', path: ['permissions', at], message });
  }
});

export const PoliciesSchema = z.strictObject({
  roles: z.strictObject({
    admin: RolePolicySchema,
    agent: RolePolicySchema,
    user: RolePolicySchema,
    readonly: ReadingPolicySchema,
  }),
});

export type Policies = z.infer<typeof PoliciesSchema>;

/** The policies as they are now; a file that changed has been read again. */
export interface PolicySource {
  current(): Policies;
}

/** Whether `principal` may do what `permission` stands for: its role may, and its key is not narrowed otherwise. */
export function isAllowed(
  policies: Policies,
  { role, scopes }: Pick<Principal, 'role' | 'scopes'>,
  permission: Permission,
): boolean {
  if (scopes !== undefined && !scopes.includes(permission)) return false;
  const { permissions } = policies.roles[role];
  return permissions.includes('all') || permissions.includes(permission);
}

/** The roles that may. */
export function rolesAllowed(policies: Policies, permission: Permission): Role[] {
  return ROLES.filter((role) => isAllowed(policies, { role }, permission));
}

/** @throws TemperaError FORBIDDEN that names the permission and who has it */
export function assertAllowed(policies: Policies, principal: Principal, permission: Permission): void {
  if (isAllowed(policies, principal, permission)) return;
  const roles = rolesAllowed(policies, permission);
  if (roles.includes(principal.role))
    throw new TemperaError(
      'FORBIDDEN',
      `This key may not ${PERMISSIONS[permission]} (${permission}): its scopes leave that out.`,
      { details: { permission, role: principal.role, roles } },
    );
  throw new TemperaError(
    'FORBIDDEN',
    `Your role ${principal.role} may not ${PERMISSIONS[permission]} (${permission}). ` +
      `${roles.length > 0 ? `Ask for a key of the role ${roles.join(' or ')}` : 'No role may'}.`,
    { details: { permission, role: principal.role, roles } },
  );
}
