/**
 * Endpoints: what the platform runs work on. Names of statuses and kinds are those of the generated enums, without
 * their prefix; nothing here lists them again.
 */

import { z } from 'zod';
import { EndpointKind, ProcessStatus } from '../proto/generated/tempera/v1/endpoints.ts';

export type ProcessStatusName = keyof typeof ProcessStatus;
export type EndpointKindName = Lowercase<keyof typeof EndpointKind>;

const isStatus = (name: string): name is ProcessStatusName => name in ProcessStatus;
const isKind = (name: string): name is EndpointKindName => name.toUpperCase() in EndpointKind;

/** Every status, in the proto's order. */
export const PROCESS_STATUSES = Object.keys(ProcessStatus).filter(isStatus);
export const ENDPOINT_KINDS = Object.keys(EndpointKind)
  .map((name) => name.toLowerCase())
  .filter(isKind);

export const ProcessStatusSchema = z.enum(PROCESS_STATUSES);

export const HolderSchema = z.object({
  execution_id: z.string(),
  session_id: z.string(),
  /** Of the lease: higher at each grant. */
  epoch: z.number(),
});

export const GpuSchema = z.object({
  index: z.number(),
  name: z.string(),
  memory_total_bytes: z.number(),
  memory_used_bytes: z.number(),
  utilisation_percent: z.number(),
});

export const IsolationSchema = z.object({
  provider: z.string(),
  policy: z.string(),
  level: z.enum(['strong', 'partial', 'weak']),
  missing: z.array(z.string()),
});
export type Isolation = z.infer<typeof IsolationSchema>;

export const EndpointSchema = z.object({
  id: z.string(),
  kind: z.enum(ENDPOINT_KINDS),
  name: z.string(),
  address: z.string().nullable(),
  status: ProcessStatusSchema,
  /** Of the present status. */
  since: z.string(),
  last_heartbeat: z.string().nullable(),
  /** Why it is not healthy. */
  reason: z.string().nullable(),
  holder: HolderSchema.nullable(),
  gpu: GpuSchema.nullable(),
  isolation: IsolationSchema.nullable(),
});
export type Endpoint = z.infer<typeof EndpointSchema>;

/** Heartbeats without an answer that make a host unhealthy. */
export const MISSED_HEARTBEATS = 3;

/** What one look at a host found; `gone` means that its machine says nobody listens. */
export type HostSeen =
  | { answered: true; draining: boolean; ready: boolean; runsAgentCode: boolean }
  | { answered: false; problem: string; gone: boolean };

export interface HostState {
  status: ProcessStatusName;
  reason: string | null;
  /** Looks without an answer since the last one. */
  missed: number;
}

/** Where a host stands after a look: three missed heartbeats make it unhealthy, its end failed. */
export function hostStateAfter(before: HostState, seen: HostSeen): HostState {
  if (!seen.answered) {
    const missed = before.missed + 1;
    if (seen.gone) return { status: 'FAILED', reason: seen.problem, missed };
    if (missed < MISSED_HEARTBEATS) return { ...before, missed };
    return { status: 'UNHEALTHY', reason: seen.problem, missed };
  }
  if (seen.draining) return { status: 'STOPPING', reason: 'It is being emptied.', missed: 0 };
  if (!seen.ready) return { status: 'STARTING', reason: null, missed: 0 };
  if (!seen.runsAgentCode) {
    const reason = 'It refuses agents’ code: its machine lacks isolation that the policy asks for.';
    return { status: 'UNHEALTHY', reason, missed: 0 };
  }
  return { status: 'HEALTHY', reason: null, missed: 0 };
}

/** How well a host holds code in; a weak one is called weak. */
export function isolationOf(
  provider: string,
  policy: string,
  layers: readonly { name: string; level: string }[],
): Isolation {
  const missing = layers.filter(({ level }) => level === 'missing').map(({ name }) => name);
  const watched = layers.some(({ level }) => level === 'watched');
  const weak = policy !== 'required' && (missing.length > 0 || policy === 'off');
  const level = weak ? 'weak' : watched || missing.length > 0 ? 'partial' : 'strong';
  return { provider, policy, level, missing };
}
