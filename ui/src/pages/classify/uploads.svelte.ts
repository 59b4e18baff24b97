/** Files that go up, one after the other, for a source that is being added. */

import type { Upload } from '../../lib/api/types.ts';

export interface UploadedFile {
  name: string;
  size: number;
  /** Share that has gone up. */
  progress: number;
  /** null until it is there. */
  id: string | null;
  error: string | null;
}

type Send = (
  file: File,
  options: { signal: AbortSignal; onprogress: (share: number) => void },
) => Promise<Upload>;

export class Uploads {
  #files = $state<UploadedFile[]>([]);
  readonly #send: Send;
  readonly #stop = new AbortController();
  #queue: Promise<void> = Promise.resolve();

  constructor(send: Send) {
    this.#send = send;
  }

  get files(): readonly UploadedFile[] {
    return this.#files;
  }
  get names(): readonly string[] {
    return this.#files.map(({ name }) => name);
  }
  /** Of those that are there. */
  get ids(): readonly string[] {
    return this.#files.flatMap(({ id }) => id ?? []);
  }
  get isBusy(): boolean {
    return this.#files.some(({ id, error }) => id === null && error === null);
  }

  /** One of a name that is there already takes its place. */
  add(files: readonly File[]): void {
    for (const file of files) {
      this.remove(file.name);
      this.#files.push({ name: file.name, size: file.size, progress: 0, id: null, error: null });
      this.#queue = this.#queue.then(() => this.#upload(file));
    }
  }

  remove(name: string): void {
    this.#files = this.#files.filter((each) => each.name !== name);
  }

  /** Gives up what is on its way. */
  stop(): void {
    this.#stop.abort();
  }

  async #upload(file: File): Promise<void> {
    const { signal } = this.#stop;
    const change = (fields: Partial<UploadedFile>): void => {
      const entry = this.#files.find(({ name }) => name === file.name);
      if (entry) Object.assign(entry, fields);
    };
    try {
      const { id } = await this.#send(file, { signal, onprogress: (progress) => change({ progress }) });
      change({ id, progress: 1 });
    } catch (error) {
      if (!signal.aborted) change({ error: error instanceof Error ? error.message : String(error) });
    }
  }
}
