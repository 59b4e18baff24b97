/**
 * The running platform: every part without an address of its own started here, in the order that they need
 * each other, watched, and ended in the opposite order.
 *
 *   postgres ─▶ schema ─┬▶ worker          api starts at once: it answers as soon as it can,
 *   temporal ───────────┘                  and says by /api/ready when the others do
 *   s3, sandbox
 */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { reachedAt } from '../../config/index.ts';
import { migrate } from '../../db/migrate.ts';
import { writeAtomic } from '../setup/digest.mjs';
import { processStart, thisProcess } from '../setup/process.mjs';
import type { PlatformContext } from './context.ts';
import { objectServerPart, sandboxPart, temporalPart } from './embedded-servers.ts';
import { makeFirstKey, needsFirstKey } from './first-key.ts';
import {
  apiPart,
  apiUrl,
  connectionVariables,
  embeddedParts,
  grpcPort,
  workerPart,
} from './own-processes.ts';
import { type PlatformStatus, statusFile, writePlatformStatus } from './platform-status.ts';
import { createDatabase, embeddedDatabaseUrl, initializePostgres, postgresPart } from './postgres-server.ts';
import { askReady } from './readiness.ts';
import { type ProcessState, type WatchedPart, WatchedProcess } from './watched-process.ts';

export interface PlatformOptions {
  /** Told of every change of a process. */
  onChange?: (state: ProcessState) => void;
  /** Told what else happens, for the log. */
  say?: (line: string) => void;
  /** Handed the token of the first key, which nothing else holds. */
  onFirstKey?: (token: string) => void;
  /** Milliseconds that all parts have to become ready. Default 120,000. */
  readyMilliseconds?: number;
}

const READY_POLL_MILLISECONDS = 50;
const READY_MILLISECONDS = 120_000;

export class Platform {
  readonly #context: PlatformContext;
  readonly #options: PlatformOptions;
  readonly #variables: Record<string, string>;
  readonly #watched = new Map<string, WatchedProcess>();
  readonly #startedAt = new Date().toISOString();
  #phase: PlatformStatus['state'] = 'starting';
  /** What the api said last of parts that are not ready. */
  #unready: string[] = [];

  constructor(context: PlatformContext, options: PlatformOptions = {}) {
    this.#context = context;
    this.#options = options;
    this.#variables = connectionVariables(context, embeddedParts(context));
  }

  get status(): PlatformStatus {
    const { home, ports } = this.#context;
    const embedded = embeddedParts(this.#context);
    const { config } = this.#context;
    return {
      ...thisProcess(),
      state: this.#phase,
      startedAt: this.#startedAt,
      home: home.folder,
      addresses: {
        api: apiUrl(this.#context),
        grpc: `${reachedAt(config.host)}:${grpcPort(this.#context)}`,
        temporal: embedded.temporal ? `127.0.0.1:${ports.temporal}` : config.temporal.address,
        temporalUi: config.temporal.uiUrl,
        s3: embedded.s3 ? `http://127.0.0.1:${ports.s3}` : config.s3.endpoint,
        sandbox: embedded.sandbox ? `127.0.0.1:${ports.sandbox}` : config.sandbox.address,
        postgres: embedded.postgres ? `127.0.0.1:${ports.postgres}` : hostOf(config.database.url),
      },
      processes: [...this.#watched.values()].map(({ state }) => ({
        ...state,
        startTime: state.pid === null ? null : processStart(state.pid),
      })),
    };
  }

  /** Starts every part; resolves when the platform is ready. A failure stops what was started. */
  async start(): Promise<void> {
    const { home } = this.#context;
    // for commands and tests beside the platform: what its own processes get
    const lines = Object.entries(this.#variables).map(([name, value]) => `${name}=${value}`);
    writeAtomic(home.path('tempera.env'), `${lines.join('\n')}\n`, 0o600);
    const late = this.#lateAfter(this.#options.readyMilliseconds ?? READY_MILLISECONDS);
    try {
      await Promise.race([this.#startParts().then(() => this.#becomeReady()), late.rejects]);
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      late.stop();
    }
    this.#enter('ready');
  }

  /** Ends everything, users before what they use. */
  async stop(): Promise<void> {
    this.#enter('stopping');
    for (const names of [['api', 'worker'], ['sandbox', 'temporal', 's3'], ['postgres']]) {
      await Promise.all(names.map((name) => this.#watched.get(name)?.stop()));
    }
    rmSync(statusFile(this.#context.home.folder), { force: true });
  }

  async #startParts(): Promise<void> {
    const context = this.#context;
    const embedded = embeddedParts(context);
    const waits: Promise<unknown>[] = [];
    const temporal = embedded.temporal ? this.#watch(temporalPart(context)) : Promise.resolve();
    if (embedded.s3) waits.push(this.#watch(objectServerPart(context)));
    const database = this.#startDatabase(embedded.postgres);
    if (this.#canStart('api')) {
      waits.push(this.#startApi(database));
    }
    if (this.#canStart('worker')) {
      waits.push(
        Promise.all([temporal, database]).then(() => this.#watch(workerPart(context, this.#variables))),
      );
    }
    // the zygote's imports take seconds of a core: everything that is waited for goes first
    if (embedded.sandbox && this.#hasSandboxHost()) waits.push(this.#watch(sandboxPart(context)));
    await Promise.all([temporal, database, ...waits]);
  }

  async #startDatabase(embedded: boolean): Promise<void> {
    const context = this.#context;
    if (embedded) {
      await initializePostgres(context);
      await this.#watch(postgresPart(context));
      await createDatabase(context);
    }
    const url = context.config.database.url ?? embeddedDatabaseUrl(context);
    await migrate(url, join(context.config.root, 'db', 'migrations'));
  }

  /** Where the first key is to be made and cannot be, the api does not listen. */
  async #startApi(database: Promise<void>): Promise<void> {
    const context = this.#context;
    if (needsFirstKey(context.config)) {
      await database;
      await this.#makeFirstKey();
    }
    await this.#watch(apiPart(context, this.#variables));
  }

  async #makeFirstKey(): Promise<void> {
    const { config } = this.#context;
    const token = await makeFirstKey(config.database.url ?? embeddedDatabaseUrl(this.#context));
    if (token !== null) this.#options.onFirstKey?.(token);
  }

  #canStart(name: 'api' | 'worker'): boolean {
    const can = existsSync(join(this.#context.config.root, 'build', `${name}.mjs`));
    if (!can) {
      this.#options.say?.(`build/${name}.mjs does not exist, so there is no ${name}`);
    }
    return can;
  }

  #hasSandboxHost(): boolean {
    return existsSync(join(this.#context.config.root, 'sandbox', 'tempera_sandbox', 'host.py'));
  }

  #watch(part: WatchedPart): Promise<void> {
    const { config } = this.#context;
    if (this.#phase === 'stopping') {
      return Promise.reject(new Error('The platform was stopped while it started'));
    }
    const watched = new WatchedProcess(part, {
      ...config.timing,
      guardFile: join(config.root, 'platform', 'guard.mjs'),
      onChange: (state) => {
        this.#options.onChange?.(state);
        writePlatformStatus(this.#context.home.folder, this.status);
      },
    });
    this.#watched.set(part.name, watched);
    watched.start();
    return watched.healthy;
  }

  async #becomeReady(): Promise<void> {
    if (!this.#watched.has('api')) {
      return;
    }
    while (this.#phase !== 'stopping') {
      this.#unready = await askReady(apiUrl(this.#context));
      if (this.#unready.length === 0) {
        return;
      }
      await pause(READY_POLL_MILLISECONDS);
    }
  }

  /** Rejects when the platform takes too long, naming each part that is not ready and why. */
  #lateAfter(milliseconds: number): { rejects: Promise<never>; stop(): void } {
    let timer: NodeJS.Timeout | undefined;
    const rejects = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const unwell = [...this.#watched.values()].flatMap(({ state: { name, status, reason } }) =>
          status === 'HEALTHY' ? [] : [`${name} (${reason ?? status.toLowerCase()})`],
        );
        const named = unwell.length > 0 ? unwell : this.#unready;
        const logs = this.#context.home.path('logs');
        reject(
          new Error(
            `Not ready after ${milliseconds / 1000} s: ${named.join(', ') || 'the platform'}. Its log is in ${logs}.`,
          ),
        );
      }, milliseconds);
    });
    rejects.catch(() => undefined); // nobody waits for it when the platform is ready
    return { rejects, stop: () => clearTimeout(timer) };
  }

  #enter(phase: PlatformStatus['state']): void {
    this.#phase = phase;
    writePlatformStatus(this.#context.home.folder, this.status);
  }
}

function hostOf(url: string | null): string | null {
  return url !== null && URL.canParse(url) ? new URL(url).host : url;
}
