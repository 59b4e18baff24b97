/** GET /api/endpoints in words: where work runs, who holds what. */

import type { Endpoint, ProcessStatus } from '../../lib/api/types.ts';
import { formatFixed } from '../../lib/format/numbers.ts';

export interface StatusLabel {
  word: string;
  tone: 'good' | 'bad' | 'quiet';
}

/** Each status of the API; one that is missing here does not compile. */
export const STATUS_LABELS: Readonly<Record<ProcessStatus, StatusLabel>> = {
  UNSPECIFIED: { word: 'unknown', tone: 'quiet' },
  STOPPED: { word: 'stopped', tone: 'quiet' },
  STARTING: { word: 'starting', tone: 'quiet' },
  HEALTHY: { word: 'healthy', tone: 'good' },
  UNHEALTHY: { word: 'unhealthy', tone: 'bad' },
  STOPPING: { word: 'emptying', tone: 'quiet' },
  FAILED: { word: 'gone', tone: 'bad' },
  PENDING: { word: 'not heard of yet', tone: 'quiet' },
};

const KINDS: Readonly<Record<Endpoint['kind'], string>> = {
  unspecified: 'other',
  sandbox_host: 'Sandbox host',
  slot: 'Slot',
  gpu: 'GPU',
  model_provider: 'Model provider',
  worker: 'Worker',
};

export interface EndpointRow {
  id: string;
  kind: string;
  name: string;
  label: StatusLabel;
  since: string;
  /** What else is worth saying, in order. */
  tells: string[];
  /** Why it is not well. */
  reason: string | null;
}

const GIBIBYTE = 2 ** 30;

/** Slots are told in their host's line: only those that somebody holds are worth a line of their own. */
export function endpointRows(endpoints: readonly Endpoint[]): EndpointRow[] {
  return endpoints
    .filter(({ kind, holder }) => kind !== 'slot' || holder !== null)
    .map((endpoint) => ({
      id: endpoint.id,
      kind: KINDS[endpoint.kind],
      name: endpoint.name,
      label: STATUS_LABELS[endpoint.status],
      since: endpoint.since,
      tells: tellsOf(endpoint, endpoints),
      reason: endpoint.reason,
    }));
}

function tellsOf({ id, kind, gpu, holder, isolation }: Endpoint, all: readonly Endpoint[]): string[] {
  const tells: string[] = [];
  if (kind === 'sandbox_host') {
    const slots = all.filter((each) => each.kind === 'slot' && each.id.startsWith(`${id}/`));
    const held = slots.filter((slot) => slot.holder !== null).length;
    if (slots.length > 0) tells.push(`${held} of ${slots.length} slots held`);
  }
  if (isolation) tells.push(`${isolation.level} isolation`);
  if (gpu) {
    const gibibytes = (bytes: number) => formatFixed(bytes / GIBIBYTE, 1);
    tells.push(
      `${gibibytes(gpu.memory_used_bytes)} of ${gibibytes(gpu.memory_total_bytes)} GiB`,
      `${gpu.utilisation_percent} % busy`,
    );
  }
  if (holder) tells.push(holder.session_id === '' ? 'held' : `held by session ${holder.session_id}`);
  return tells;
}
