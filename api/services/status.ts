/** How each part does: asked at once, each with a time limit; who asks within a moment shares the answer. */

import type { Principal } from '../../core/principal.ts';
import { freshWorkers, listProviderWaits, type ProviderWaits } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { StartProblem } from '../start-problems.ts';
import { countConfigured } from './connections.ts';
import { configuredProviders } from './sessions.ts';

export interface PartStatus {
  status: 'ok' | 'down';
  latency_ms: number;
  [particular: string]: unknown;
}

export interface PlatformStatus {
  /** connected: all answer; degraded: some do not; down: without the database nothing can be served. */
  overall_status: 'connected' | 'degraded' | 'down';
  version: string;
  postgres: PartStatus;
  temporal: PartStatus;
  s3: PartStatus;
  workers: PartStatus;
  sandbox: PartStatus;
  /** `waits`: the providers that sessions wait for, by why they do not answer. */
  models: { default: string; providers: string[]; waits: ProviderWaits[] };
  /** Of the settings: how many, and how many did not answer when they were last tested. */
  connections: { configured: number; failed: number };
  /** What failed at the start and is not mended yet; why is an admin's to read: it may name addresses. */
  start_problems: (Omit<StartProblem, 'message'> & { message: string | null })[];
  config: { has_anthropic: boolean; agent_model: string };
}

const PROBE_TIMEOUT_MILLISECONDS = 3_000;
/** So long an answer counts as now: every open tab asks, and each asking goes to all parts. */
const SHARED_MILLISECONDS = 500;

/** Gives `ask`'s answer to all who want it while it is on its way, and for `milliseconds` after. */
export function sharedFor<T>(
  milliseconds: number,
  ask: () => Promise<T>,
  now: () => number = performance.now.bind(performance),
): () => Promise<T> {
  let answer: Promise<T> | null = null;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (answer !== null && now() < until) return answer;
    until = Number.POSITIVE_INFINITY;
    const own = ask();
    answer = own;
    const keep = (lasting: boolean) => {
      if (answer === own) until = lasting ? now() + milliseconds : 0;
    };
    own.then(
      () => keep(true),
      () => keep(false),
    );
    return own;
  };
}

/** `platformStatus`, asked no oftener than every half second. */
export const createStatus = (dependencies: ApiDependencies): (() => Promise<PlatformStatus>) =>
  sharedFor(SHARED_MILLISECONDS, () => platformStatus(dependencies));

/** What of the status is `principal`'s to see. */
export function statusFor(status: PlatformStatus, { role }: Principal): PlatformStatus {
  if (role === 'admin') return status;
  return { ...status, start_problems: status.start_problems.map((each) => ({ ...each, message: null })) };
}

/** Every part's state and latency. */
async function platformStatus(dependencies: ApiDependencies): Promise<PlatformStatus> {
  const { settings } = dependencies;
  const [core, waits, workers, sandbox] = await Promise.all([
    coreParts(dependencies),
    // without the database nobody knows
    listProviderWaits(dependencies.db).catch(() => []),
    probe(() => countWorkers(dependencies)),
    probe(() => countHosts(dependencies)),
  ]);
  const states = [...Object.values(core), workers, sandbox].map((part) => part.status);
  const degraded = core.postgres.status === 'down' ? 'down' : 'degraded';
  return {
    overall_status: states.every((state) => state === 'ok') && !waits.some(isOutage) ? 'connected' : degraded,
    version: settings.version,
    ...core,
    temporal: { ...core.temporal, ...workflowPages(settings) },
    workers,
    sandbox,
    models: { default: settings.defaultModel, providers: configuredProviders(settings), waits },
    connections: countConfigured(dependencies.connections),
    start_problems: dependencies.startProblems.list(),
    config: { has_anthropic: settings.hasAnthropic, agent_model: settings.defaultModel },
  };
}

/** Of the provider, not of one session's model or conversation. */
const isOutage = ({ cause }: ProviderWaits): boolean => ['down', 'credit', 'key', 'address'].includes(cause);

/** Where a workflow's page is: {ui_url}/namespaces/{namespace}/workflows/{id}. */
function workflowPages({ temporalUi }: ApiDependencies['settings']): Record<string, string> {
  return temporalUi === null ? {} : { ui_url: temporalUi.url, namespace: temporalUi.namespace };
}

/** True with the parts that a session's start needs; the sandbox may still be warming up. */
export async function readiness(dependencies: ApiDependencies) {
  const parts = {
    ...(await coreParts(dependencies)),
    workers: await probe(() => countWorkers(dependencies)),
  };
  return { ready: Object.values(parts).every((part) => part.status === 'ok'), ...parts };
}

async function coreParts({ db, gateway, store }: ApiDependencies) {
  const [postgres, temporal, s3] = await Promise.all([
    probe(() => db.query('select 1')),
    probe(() => gateway.ping()),
    probe(() => store.list('datasets/', { limit: 1 })),
  ]);
  return { postgres, temporal, s3 };
}

async function countWorkers({ db, settings }: ApiDependencies): Promise<Record<string, unknown>> {
  const count = await freshWorkers(db, settings.workerLostSeconds);
  if (count === 0) throw new Error('no worker');
  return { count };
}

/** Fails where no host answers, or each refuses this platform: its reason stands among the endpoints. */
async function countHosts({ tools }: ApiDependencies): Promise<Record<string, unknown>> {
  const status = await tools.status();
  if (status.hosts === 0) throw new Error('no host');
  return { ...status };
}

async function probe(work: () => Promise<unknown>): Promise<PartStatus> {
  const from = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PROBE_TIMEOUT_MILLISECONDS);
  });
  // what a part says when it fails may name addresses and accounts: only that it failed is told
  const [status, answer] = await Promise.race([work(), late]).then(
    (value) => ['ok', value] as const,
    () => ['down', null] as const,
  );
  clearTimeout(timer);
  const particulars = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : {};
  return {
    ...('items' in particulars ? {} : particulars),
    status,
    latency_ms: Math.round(performance.now() - from),
  };
}
