/** GET /api/status as rows: each part with its name, what it does and what is worth saying of it. */

import type { PartStatus, PlatformStatus, ProviderWaits } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format/times.ts';
import { longWait } from '../../lib/live/waits.ts';

export interface PartRow {
  id: string;
  name: string;
  does: string;
  part: PartStatus;
  /** Particulars as words, e.g. `2 slots`. */
  tells: string[];
  /** What to do when it is down. */
  mend: string;
}

interface Known {
  name: string;
  does: string;
  mend: string;
}

const LOGS = 'Its log is in the state folder below logs/; `npm start -- status` says where.';
const KNOWN: Readonly<Record<string, Known>> = {
  postgres: {
    name: 'Postgres',
    does: 'records and events',
    mend: `Without it nothing can be served. ${LOGS}`,
  },
  temporal: {
    name: 'Temporal',
    does: 'carries work over every crash',
    mend: `Running stages pause and go on later. ${LOGS}`,
  },
  s3: {
    name: 'Object store',
    does: 'uploads, checkpoints, artifacts',
    mend: `Steps wait with their checkpoint. ${LOGS}`,
  },
  workers: {
    name: 'Workers',
    does: 'run the agents',
    mend: 'Work waits in its queue until a worker is back. Restart the platform if none comes.',
  },
  sandbox: {
    name: 'Sandbox',
    does: 'runs the agents’ code, walled off',
    mend: `Steps wait for a host. ${LOGS}`,
  },
};

const isPart = (value: unknown): value is PartStatus =>
  typeof value === 'object' && value !== null && 'status' in value && 'latency_ms' in value;

/** The parts in a fixed order, those unknown here last. */
export function partRows(status: PlatformStatus): PartRow[] {
  const parts = new Map<string, PartStatus>();
  for (const [id, value] of Object.entries(status)) if (isPart(value)) parts.set(id, value);
  const order = [...Object.keys(KNOWN), ...parts.keys()];
  return [...new Set(order)].flatMap((id) => {
    const part = parts.get(id);
    if (!part) return [];
    const known = KNOWN[id] ?? { name: id, does: '', mend: LOGS };
    return [{ id, ...known, part, tells: particulars(part) }];
  });
}

function particulars(part: PartStatus): string[] {
  return Object.entries(part)
    .filter(
      ([name, value]) =>
        !['status', 'latency_ms'].includes(name) && ['number', 'string'].includes(typeof value),
    )
    .map(([name, value]) => words(name.replaceAll('_', ' '), value));
}

/** What a part calls itself by, where its field's name alone says nothing. */
const FIELD_WORDS: Readonly<Record<string, string>> = { count: 'workers', 'ui url': 'web UI at' };

/** `2 slots`, `1 host`, `isolation required`. */
function words(field: string, value: unknown): string {
  const name = FIELD_WORDS[field] ?? field;
  if (typeof value !== 'number') return `${name} ${value}`;
  return value === 1 ? `1 ${name.replace(/s$/, '')}` : `${value} ${name}`;
}

export interface Layer {
  name: string;
  level: string;
  detail: string;
}

/** The walls around the agents' code, as the sandbox reports them. */
export function layersOf(status: PlatformStatus): Layer[] {
  const { layers } = status.sandbox;
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((layer: unknown) => {
    if (typeof layer !== 'object' || layer === null || !('name' in layer)) return [];
    const field = (name: string): string => String(Object.getOwnPropertyDescriptor(layer, name)?.value ?? '');
    return [{ name: field('name').replaceAll('_', ' '), level: field('level'), detail: field('detail') }];
  });
}

/** What sessions wait for, as a sentence. */
export function waitsWords({ provider, cause, sessions, next_try }: ProviderWaits): string {
  const who = sessions === 1 ? '1 session waits' : `${sessions} sessions wait`;
  const next = next_try === null ? '' : ` Next try ${formatTime(next_try)}.`;
  return `${who} for ${provider}. ${longWait({ reason: 'provider', subject: cause })}.${next}`;
}

type StartProblem = NonNullable<PlatformStatus['start_problems']>[number];

/** What failed at the start, as a sentence or three. */
export function startProblemWords({ what, message, is_retried, at }: StartProblem): string {
  const why = message ?? 'An administrator sees why.';
  const next = is_retried ? 'It is tried again by itself.' : 'Mend it and start the platform again.';
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} failed at ${formatTime(at)}. ${why} ${next}`;
}

/** One sentence over all. */
export function overallWords(status: PlatformStatus): string {
  if (status.overall_status === 'connected') return 'All parts answer.';
  const down = partRows(status).filter(({ part }) => part.status !== 'ok');
  const names = down.map(({ name }) => name).join(', ');
  if (names === '') return 'All parts answer, but a model provider does not: its sessions wait.';
  return status.overall_status === 'down'
    ? `${names} down: nothing can be served.`
    : `${names} down: work that needs it waits.`;
}
