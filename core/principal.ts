/** Who asks. Every repository and service function takes the principal first; without keys it is LOCAL. */

import type { Permission } from './access/permissions.ts';
import { TemperaError } from './errors.ts';

export const ROLES = ['admin', 'agent', 'user', 'readonly'] as const;
export type Role = (typeof ROLES)[number];

export interface Principal {
  id: string;
  role: Role;
  /** As people know it, e.g. the name of a key. */
  name?: string;
  /** Permissions that its key is narrowed to; without them all of its role. */
  scopes?: readonly Permission[];
  /** Id of the key or sign-in by which it came, where that can be taken back. */
  credential?: string;
}

/** The principal of a platform without configured keys: everything on this machine's loopback. */
export const LOCAL: Principal = { id: 'local', role: 'admin' };

/** True when `principal` may see and change what `owner` owns. */
export function mayAccess(principal: Principal, owner: string): boolean {
  return principal.role === 'admin' || principal.id === owner;
}

/**
 * Who may only read orders nothing, in what is one's own either; policies cannot say otherwise. The second lock, behind
 * the permissions of routes and methods: for what comes by Temporal. @throws TemperaError FORBIDDEN
 */
export function assertMayChange({ role }: Principal): void {
  if (role !== 'readonly') return;
  throw new TemperaError('FORBIDDEN', 'This caller may read and change nothing: its role is readonly.');
}
