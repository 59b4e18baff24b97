/** A sandbox as a process of this machine: its output is kept with its order, its end with its reason. */

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mapped } from './local-image.mjs';

/** Numbers of GenericResult.GenericStatus. */
export const STATUS = { success: 1, failure: 2, terminated: 3, timeout: 4 };

export class LocalSandbox {
  constructor({ id, appId, definition, variables, root, python, hostArguments }) {
    this.id = id;
    this.appId = appId;
    this.definition = definition;
    /** Of both streams, in their order. */
    this.output = [];
    this.result = null;
    this.address = null;
    this.changed = new EventEmitter();
    this.changed.setMaxListeners(0);
    const [command, ...rest] = definition.entrypointArgs.map((part) => mapped(part, root, python));
    // as in a container: nothing of the environment around but what makes programs be found
    const environment = { PATH: process.env.PATH, HOME: root, OPENBLAS_NUM_THREADS: '1', ...variables };
    this.process = spawn(command, [...rest, ...hostArguments], {
      env: environment,
      cwd: root,
      detached: true,
    });
    this.#keep(this.process.stdout, 1);
    this.#keep(this.process.stderr, 2);
    this.process.once('error', (error) => this.#end(STATUS.failure, 1, error.message));
    // close, not exit: its last words come first
    this.process.once('close', (code, signal) => {
      const exit = code ?? (signal === 'SIGKILL' ? 137 : 143);
      this.#end(exit === 0 ? STATUS.success : STATUS.failure, exit, '');
    });
    this.timer = setTimeout(() => this.expire(), definition.timeoutSecs * 1000);
    this.timer.unref();
  }

  /** The process id of the host itself: the shell gives way to it. */
  get pid() {
    return this.process.pid;
  }

  /** As at its timeout. */
  expire() {
    this.#end(STATUS.timeout, 0, '');
    this.#kill();
  }

  terminate() {
    this.#end(STATUS.terminated, 0, '');
    this.#kill();
  }

  async ended() {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'close');
  }

  #keep(stream, fileDescriptor) {
    stream.setEncoding('utf8').on('data', (data) => {
      this.output.push({ fileDescriptor, data });
      const said = /\{"event": "listening", "address": "[^"]*:(\d+)"/.exec(data);
      if (fileDescriptor === 1 && said) this.address = { host: '127.0.0.1', port: Number(said[1]) };
      this.changed.emit('change');
    });
  }

  #end(status, exitcode, exception) {
    if (this.result !== null) return;
    clearTimeout(this.timer);
    this.result = { status, exitcode, exception };
    this.changed.emit('change');
  }

  #kill() {
    try {
      process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }

  /** Resolves at the next change, or after so many milliseconds. */
  async change(milliseconds, signal) {
    const over = AbortSignal.any([AbortSignal.timeout(milliseconds), ...(signal ? [signal] : [])]);
    await once(this.changed, 'change', { signal: over }).catch(() => undefined);
  }
}
