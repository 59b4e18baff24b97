/**
 * One server under watch: started, asked whether it is well, started again when it ends.
 *
 * 1. PENDING → STARTING → HEALTHY; three missed answers make it UNHEALTHY, its end FAILED.
 * 2. Restarts come after growing pauses, without end: only `stop` ends the watch.
 * 3. `healthy` resolves at the first health and rejects when `attempts` starts came to nothing before it.
 */

import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { heard } from '../../core/heard.ts';
import { type GuardedChild, type ServerEnd, type SpawnRequest, spawnGuarded } from './guarded-child.ts';
import type { Probe } from './probes.ts';
import type { ProcessStatus } from './process-status.ts';
import { RestartPause } from './restart-pause.ts';

export interface WatchedPart {
  name: string;
  /** host:port or URL that others reach it by; null where nobody calls it. */
  address: string | null;
  server: SpawnRequest;
  /** Rejects while it is not well. */
  probe: Probe;
  /** Done once in each life, when it first answers and before it counts as well. Never rejects. */
  onAnswer?: (pid: number) => Promise<void>;
}

export interface ProcessState {
  name: string;
  status: ProcessStatus;
  address: string | null;
  pid: number | null;
  /** ISO time of the present status. */
  since: string;
  restarts: number;
  /** Why it failed or is not well. */
  reason: string | null;
}

export interface WatchOptions {
  guardFile: string;
  healthIntervalMilliseconds: number;
  restartMinimumMilliseconds: number;
  restartMaximumMilliseconds: number;
  /** Milliseconds of health after which restarts are quick again. Default 10,000. */
  healthyMilliseconds?: number;
  /** Interval of questions while it starts. Default 30 ms. */
  startIntervalMilliseconds?: number;
  /** Starts that may come to nothing before `healthy` rejects. Default 4. */
  attempts?: number;
  onChange?: (state: ProcessState) => void;
  now?: () => Date;
}

const MISSED_ANSWERS = 3;
const LAST_LINES = 8;

export class WatchedProcess {
  readonly #part: WatchedPart;
  readonly #options: WatchOptions;
  readonly #pause: RestartPause;
  readonly #stopping = new AbortController();
  readonly #now: () => Date;
  #state: ProcessState;
  #child: GuardedChild | null = null;
  #watch: Promise<void> | null = null;
  #settleHealthy: { resolve: () => void; reject: (error: Error) => void };
  /** Resolves when the server first is well. */
  readonly healthy: Promise<void>;

  constructor(part: WatchedPart, options: WatchOptions) {
    this.#part = part;
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#pause = new RestartPause({
      minimum: options.restartMinimumMilliseconds,
      maximum: options.restartMaximumMilliseconds,
      healthy: options.healthyMilliseconds ?? 10_000,
    });
    this.#state = {
      name: part.name,
      status: 'STOPPED',
      address: part.address,
      pid: null,
      since: this.#now().toISOString(),
      restarts: 0,
      reason: null,
    };
    this.#settleHealthy = { resolve: () => undefined, reject: () => undefined };
    // it may be nobody's wish to wait for it
    this.healthy = heard(
      new Promise<void>((resolve, reject) => {
        this.#settleHealthy = { resolve, reject };
      }),
    );
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** Begins to watch; does nothing the second time. */
  start(): void {
    this.#change({ status: 'PENDING' });
    this.#watch ??= heard(this.#keepAlive());
  }

  /** Ends the server and the watch; resolves when it and its group are gone. */
  async stop(): Promise<void> {
    if (this.#watch === null) {
      return;
    }
    this.#change({ status: 'STOPPING' });
    this.#stopping.abort();
    this.#child?.end();
    await this.#watch;
    this.#change({ status: 'STOPPED', pid: null });
    this.#settleHealthy.reject(new Error(`${this.#part.name} was stopped`));
  }

  async #keepAlive(): Promise<void> {
    for (let start = 1; !this.#stopping.signal.aborted; start += 1) {
      const { end, healthyMilliseconds } = await this.#live();
      if (this.#stopping.signal.aborted) {
        return;
      }
      const reason = describeEnd(end);
      this.#change({ status: 'FAILED', pid: null, reason });
      if (start >= (this.#options.attempts ?? 4)) {
        this.#settleHealthy.reject(doesNotStart(this.#part, reason));
      }
      await pause(this.#pause.after(healthyMilliseconds), null, { signal: this.#stopping.signal }).catch(
        () => undefined,
      );
      this.#state = { ...this.#state, restarts: this.#state.restarts + 1 };
    }
  }

  /** One life of the server: from its start to its end. */
  async #live(): Promise<{ end: ServerEnd; healthyMilliseconds: number }> {
    this.#change({ status: 'STARTING' });
    const child = spawnGuarded(this.#part.server, this.#options.guardFile);
    this.#child = child;
    const over = new AbortController();
    child.started.then((pid) => this.#change({ pid })).catch(() => undefined); // `ended` says why
    const ended = child.ended.finally(() => over.abort());
    const [end, healthyMilliseconds] = await Promise.all([ended, this.#watchHealth(over.signal)]);
    this.#child = null;
    return { end, healthyMilliseconds };
  }

  /** Asks again and again until the server's life is over; resolves to the milliseconds since it first was well. */
  async #watchHealth(over: AbortSignal): Promise<number> {
    let since: number | null = null;
    let missed = 0;
    while (!over.aborted) {
      const problem = await this.#part.probe().then(() => null, String);
      if (over.aborted || this.#stopping.signal.aborted) {
        break;
      }
      missed = problem === null ? 0 : missed + 1;
      if (problem === null && this.#state.status !== 'HEALTHY') {
        const { pid } = this.#state;
        if (since === null && pid !== null) await this.#part.onAnswer?.(pid);
        since ??= this.#now().getTime();
        this.#change({ status: 'HEALTHY', reason: null });
        this.#settleHealthy.resolve();
      } else if (since !== null && missed === MISSED_ANSWERS) {
        this.#change({ status: 'UNHEALTHY', reason: problem });
      }
      const { healthIntervalMilliseconds, startIntervalMilliseconds = 30 } = this.#options;
      const interval = since === null ? startIntervalMilliseconds : healthIntervalMilliseconds;
      await pause(interval, null, { signal: over }).catch(() => undefined);
    }
    return since === null ? 0 : this.#now().getTime() - since;
  }

  #change(change: Partial<ProcessState>): void {
    const moved = change.status !== undefined && change.status !== this.#state.status;
    this.#state = { ...this.#state, ...change, since: moved ? this.#now().toISOString() : this.#state.since };
    this.#options.onChange?.(this.#state);
  }
}

function describeEnd({ code, signal, reason }: ServerEnd): string {
  if (reason) {
    return `ended (${reason})`;
  }
  return signal ? `was ended by ${signal}` : `ended with ${code}`;
}

/** Says why with the last words of the server's log. */
function doesNotStart({ name, server }: WatchedPart, reason: string): Error {
  const words = existsSync(server.log)
    ? readFileSync(server.log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES)
    : [];
  return new Error(
    [`${name} does not start: it ${reason}. ${server.log} ends with:`, ...words].join('\n    '),
  );
}
