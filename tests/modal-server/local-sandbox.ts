/** A sandbox as a process of this machine: its output is kept with its order, its end with its reason. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import { mapped } from './local-image.ts';

/** Numbers of GenericResult.GenericStatus. */
export const STATUS = { success: 1, failure: 2, terminated: 3, timeout: 4 };

/** What Modal is told of a sandbox to make, as far as the provider tells it. */
export interface Definition {
  name?: string;
  timeoutSecs: number;
  entrypointArgs: string[];
  networkAccess?: { networkAccessType: number; allowedCidrs: string[] };
  openPorts?: { ports: { port: number; unencrypted: boolean }[] };
  volumeMounts: { volumeId: string; mountPath: string }[];
  resources?: { milliCpu: number; memoryMb: number; gpuConfig?: { gpuType: string; count: number } };
  secretIds: string[];
}

export interface SandboxParts {
  id: string;
  appId: string;
  definition: Definition;
  variables: Record<string, string>;
  root: string;
  python: string;
  hostArguments: readonly string[];
}

/** Modal's GenericResult. */
export interface Result {
  status: number;
  exitcode: number;
  exception: string;
}

export class LocalSandbox {
  readonly id: string;
  readonly appId: string;
  readonly definition: Definition;
  /** Of both streams, in their order. */
  readonly output: { fileDescriptor: number; data: string }[] = [];
  result: Result | null = null;
  /** Of the tunnel, once the host listens. */
  address: { host: string; port: number } | null = null;
  readonly #changed = new EventEmitter().setMaxListeners(0);
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #timer: NodeJS.Timeout;

  constructor({ id, appId, definition, variables, root, python, hostArguments }: SandboxParts) {
    this.id = id;
    this.appId = appId;
    this.definition = definition;
    const [command = '', ...rest] = definition.entrypointArgs.map((part) => mapped(part, root, python));
    // as in a container: nothing of the environment around but what makes programs be found
    const environment = { PATH: process.env.PATH, HOME: root, OPENBLAS_NUM_THREADS: '1', ...variables };
    this.#process = spawn(command, [...rest, ...hostArguments], {
      env: environment,
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#keep(this.#process.stdout, 1);
    this.#keep(this.#process.stderr, 2);
    this.#process.once('error', (error) => this.#end(STATUS.failure, 1, error.message));
    // close, not exit: its last words come first
    this.#process.once('close', (code, signal) => {
      const exit = code ?? (signal === 'SIGKILL' ? 137 : 143);
      this.#end(exit === 0 ? STATUS.success : STATUS.failure, exit, '');
    });
    this.#timer = setTimeout(() => this.expire(), definition.timeoutSecs * 1000);
    this.#timer.unref();
  }

  /** The process id of the host itself: the shell gives way to it. */
  get pid(): number {
    return Number(this.#process.pid);
  }

  /** As at its timeout. */
  expire(): void {
    this.#end(STATUS.timeout, 0, '');
    this.#kill();
  }

  terminate(): void {
    this.#end(STATUS.terminated, 0, '');
    this.#kill();
  }

  async ended(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'close');
  }

  #keep(stream: Readable, fileDescriptor: number): void {
    stream.setEncoding('utf8').on('data', (data: string) => {
      this.output.push({ fileDescriptor, data });
      const listening = /\{"event": "listening", "address": "[^"]*:(\d+)"/.exec(data);
      if (fileDescriptor === 1 && listening) this.address = { host: '127.0.0.1', port: Number(listening[1]) };
      this.#changed.emit('change');
    });
  }

  #end(status: number, exitcode: number, exception: string): void {
    if (this.result !== null) return;
    clearTimeout(this.#timer);
    this.result = { status, exitcode, exception };
    this.#changed.emit('change');
  }

  #kill(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }

  /** Resolves at the next change, or after so many milliseconds. */
  async change(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const over = AbortSignal.any([AbortSignal.timeout(milliseconds), ...(signal ? [signal] : [])]);
    await once(this.#changed, 'change', { signal: over }).catch(() => undefined);
  }
}
