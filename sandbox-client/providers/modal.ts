/**
 * A sandbox host in a Modal sandbox.
 *
 * 1. The sandbox has a name, so at most one runs: a process that starts again finds the one there is and pays for none
 *    besides. Whoever loses the race to start one takes the winner's.
 * 2. The keeper (a worker) starts it, watches it, starts a successor when it has ended, after growing pauses,
 * passes its
 *    output on, and ends it when it is closed. Others (the api) only look where it is.
 * 3. The place that it gives is called like any other host, by mutual TLS and token; what ran in a sandbox that ended
 *    is run again from its checkpoint, as on any host that was lost.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { heard } from '../../core/heard.ts';
import type { ModalSettings } from '../../core/sandbox-hosts.ts';
import { type ModalCloud, type ModalSdk, openModal, type RunningSandbox } from './modal-cloud.ts';
import { redacted, secretsOf } from './modal-secrets.ts';
import type { HostPlace, SandboxProvider } from './provider.ts';

export interface ModalEvent {
  event: 'modal_started' | 'modal_found' | 'modal_ended' | 'modal_problem' | 'modal_output';
  sandbox: string | null;
  message: string;
}

export interface ModalProviderOptions {
  /** Whether this process starts and ends the sandbox; false: it only finds it. */
  keeps: boolean;
  tell?: (event: ModalEvent) => void;
  /** Milliseconds between two looks at a sandbox. Default 2,000. */
  pollMs?: number;
  /** Least and most milliseconds before a successor is started or an error is tried again. Default 1,000 and 60,000. */
  pauseMs?: readonly [number, number];
  load?: () => Promise<ModalSdk>;
}

/** Milliseconds that a caller waits for a look for a sandbox that runs already. */
const CHECK_WAIT_MS = 5_000;
/**
 * A sandbox whose host was reached for so long was well: the next pause is the least one again. Pauses grow for what
 * ends as soon as it begins; sessions wait for a host that was lost at work.
 */
const WELL_AFTER_MS = 10_000;

export function createModalProvider(settings: ModalSettings, options: ModalProviderOptions): SandboxProvider {
  const watch = new ModalWatch(settings, options);
  const place = (address: string): HostPlace => ({
    ...{ address, token: settings.host.token, tls: settings.host.tls },
  });
  return {
    name: 'modal',
    async places() {
      const address = await watch.address();
      return address === null ? [] : [place(address)];
    },
    problem: () => watch.problem,
    close: () => watch.close(),
  };
}

class ModalWatch {
  problem: string | null = 'The Modal sandbox is being looked for.';
  readonly #settings: ModalSettings;
  readonly #options: ModalProviderOptions;
  readonly #secrets: readonly string[];
  readonly #stop = new AbortController();
  #check = deferred();
  /** For all that wait for one. */
  #nextCheck: Promise<unknown> | null = null;
  #current: RunningSandbox | null = null;
  #pause = 0;
  #loop: Promise<void> | null = null;

  constructor(settings: ModalSettings, options: ModalProviderOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#secrets = secretsOf(settings);
  }

  /** Begins with the first call: nothing is paid for by a process that asks for no host. */
  async address(): Promise<string | null> {
    if (this.#stop.signal.aborted) return null;
    this.#loop ??= heard(this.#run());
    if (this.#current === null) {
      this.#nextCheck ??= heard(Promise.race([this.#check.promise, this.#rest(CHECK_WAIT_MS)]));
      await this.#nextCheck;
    }
    return this.#current?.address ?? null;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let cloud: ModalCloud | null = null;
    while (!this.#stop.signal.aborted) {
      try {
        cloud ??= await openModal(this.#settings, this.#options.load);
        await this.#once(cloud);
      } catch (error) {
        this.#fail(error);
      }
      this.#checkedOnce();
      await this.#rest(this.#nextPause());
    }
    cloud?.close();
  }

  /** A caller of a process that only finds waits for the next look: a worker may have started one just now. */
  #checkedOnce(): void {
    const { resolve } = this.#check;
    if (!this.#options.keeps) {
      this.#check = deferred();
      this.#nextCheck = null;
    }
    resolve(undefined);
  }

  /** One sandbox from its start, or from when it was found, to its end. */
  async #once(cloud: ModalCloud): Promise<void> {
    const found = await cloud.find();
    if (found === null && !this.#options.keeps) {
      this.problem = `No Modal sandbox [${this.#settings.name}] runs; a worker starts it.`;
      return;
    }
    if (found === null) {
      this.problem = 'The Modal sandbox is being started: its image is built, or it waits for its turn.';
      this.#check.resolve(undefined);
    }
    const sandbox = found ?? (await cloud.start());
    const since = Date.now();
    this.#current = sandbox;
    this.problem = null;
    this.#check.resolve(undefined);
    this.#tell(found ? 'modal_found' : 'modal_started', sandbox.id, `Its host is at ${sandbox.address}.`);
    const left = new AbortController();
    const output = this.#options.keeps ? this.#passOn(sandbox, left.signal) : Promise.resolve();
    try {
      await this.#untilEnd(sandbox);
    } finally {
      this.#current = null;
      if (Date.now() - since > WELL_AFTER_MS) this.#pause = 0;
      await this.#endOnStop(sandbox);
      // what it said last is on its way still; where it runs on nobody listens any more
      await Promise.race([output, sleep(this.#options.pollMs ?? 2_000, undefined, { ref: false })]);
      left.abort();
      await output;
    }
  }

  async #untilEnd(sandbox: RunningSandbox): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const code = await this.#codeOf(sandbox);
      if (code !== null) {
        const why = code === 124 ? 'its time was over' : code === 137 ? 'it was killed' : `exit code ${code}`;
        const then = this.#options.keeps ? ' A successor is started.' : '';
        this.problem = `The Modal sandbox [${sandbox.id}] has ended: ${why}.${then}`;
        this.#tell('modal_ended', sandbox.id, this.problem);
        return;
      }
      await this.#rest(this.#options.pollMs ?? 2_000);
    }
  }

  /** An answer that Modal owes says nothing about the sandbox: its host answers by itself, or is reported lost. */
  async #codeOf(sandbox: RunningSandbox): Promise<number | null> {
    try {
      return await sandbox.exitCode();
    } catch (error) {
      this.#tell('modal_problem', sandbox.id, this.#words(error));
      return null;
    }
  }

  async #endOnStop(sandbox: RunningSandbox): Promise<void> {
    if (!this.#stop.signal.aborted || !this.#options.keeps || !this.#settings.endOnStop) return;
    try {
      await sandbox.terminate();
      this.#tell('modal_ended', sandbox.id, 'It was ended, for the platform stops.');
    } catch (error) {
      this.#fail(error); // its timeout at Modal ends it
    }
  }

  async #passOn(sandbox: RunningSandbox, signal: AbortSignal): Promise<void> {
    try {
      await sandbox.follow(signal, ({ text }) => this.#tell('modal_output', sandbox.id, text));
    } catch (error) {
      this.#tell('modal_problem', sandbox.id, `Its output cannot be read: ${this.#words(error)}`);
    }
  }

  #fail(error: unknown): void {
    this.problem = this.#words(error);
    this.#tell('modal_problem', null, this.problem);
  }

  #tell(event: ModalEvent['event'], sandbox: string | null, message: string): void {
    this.#options.tell?.({ event, sandbox, message: redacted(message, this.#secrets) });
  }

  #words(error: unknown): string {
    return redacted(error instanceof Error ? error.message : String(error), this.#secrets);
  }

  #nextPause(): number {
    const [least, most] = this.#options.pauseMs ?? [1_000, 60_000];
    this.#pause = this.#options.keeps ? Math.min(most, Math.max(least, this.#pause * 2)) : least;
    return this.#pause;
  }

  /** Returns early when the provider is closed. */
  async #rest(milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.#stop.signal, ref: false });
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}

function deferred(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
  let resolve: (value: unknown) => void = () => undefined;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
