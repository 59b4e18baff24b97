/** What a principal may do how often and how much at once; by role, as the policies say. */

import type { Principal } from '../principal.ts';
import type { PolicySource } from './policies.ts';

export interface AccessLimits {
  /** Requests a minute; null: without a limit. */
  requests: number | null;
  /** Requests a minute to one tool, by its name; those left out are bound by `requests` alone. */
  tools: Readonly<Record<string, number>>;
  /** Event streams and sockets open at once; null: as many as the process serves. */
  streams: number | null;
  /** Uploads at once; null: without a limit. */
  uploads: number | null;
  /** Sessions stored; null: without a limit. */
  sessionsStored: number | null;
  /** Bytes stored; null: without a limit. */
  bytesStored: number | null;
}

/** What may be held open: over all api processes. */
export type LeaseKind = 'stream' | 'upload';

export interface OpenLeases {
  /**
   * Counts one more that `principal` holds open. @returns what gives it back
   * @throws TemperaError LIMIT_REACHED
   */
  take(principal: Principal, kind: LeaseKind): Promise<() => void>;
}

export type LimitsOf = (principal: Principal) => AccessLimits;

export const UNLIMITED: AccessLimits = {
  ...{ requests: null, tools: {}, streams: null, uploads: null },
  ...{ sessionsStored: null, bytesStored: null },
};

/** The limits of each caller as the policies are now. */
export function limitsByPolicy(policies: PolicySource): LimitsOf {
  return ({ role }) => {
    const policy = policies.current().roles[role];
    return {
      requests: policy.requests_per_minute,
      tools: policy.tool_calls_per_minute,
      streams: policy.streams_at_once,
      uploads: policy.uploads_at_once,
      sessionsStored: policy.sessions_stored,
      bytesStored: policy.bytes_stored,
    };
  };
}
