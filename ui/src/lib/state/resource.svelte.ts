import { ApiError, onRestored, waitOf } from '../api/client.ts';

/**
 * Something that is fetched again whenever what it depends on changes. Made in a component's script:
 *
 *     const files = new Resource((signal) => fetchFiles(sessionId, signal));
 *
 * What `load` reads before its first await is tracked. The last value stays while a new one is on its way and when
 * loading fails, so a page never empties itself. What got no answer is loaded again when the platform answers,
 * and what was asked for too often when the platform says.
 */
export class Resource<T> {
  #value = $state.raw<T | undefined>(undefined);
  #error = $state.raw<Error | null>(null);
  #loading = $state(true);
  #turn = $state(0);

  constructor(load: (signal: AbortSignal) => Promise<T> | null) {
    $effect(() => {
      void this.#turn;
      const controller = new AbortController();
      const pending = load(controller.signal);
      if (pending) void this.#follow(pending, controller.signal);
      return () => controller.abort();
    });
    $effect(() => {
      const wait = waitOf(this.#error);
      if (wait === null) return undefined;
      const timer = setTimeout(() => this.reload(), wait);
      return () => clearTimeout(timer);
    });
    $effect(() =>
      onRestored(() => {
        if (isOutage(this.#error)) this.reload();
      }),
    );
  }

  get value(): T | undefined {
    return this.#value;
  }
  get error(): Error | null {
    return this.#error;
  }
  /** A request is on its way; with no value yet, show a skeleton. */
  get loading(): boolean {
    return this.#loading;
  }

  /** Loads again. */
  reload(): void {
    this.#turn += 1;
  }

  /** Puts a value in place that is known already, as after a command. */
  set(value: T): void {
    this.#value = value;
  }

  async #follow(pending: Promise<T>, signal: AbortSignal): Promise<void> {
    this.#loading = true;
    try {
      const value = await pending;
      if (signal.aborted) return;
      this.#value = value;
      this.#error = null;
    } catch (error) {
      if (!signal.aborted) this.#error = error instanceof Error ? error : new Error(String(error));
    } finally {
      if (!signal.aborted) this.#loading = false;
    }
  }
}

/**
 * Work that is begun again whenever what it reads before its first await changes, and given up then or when the
 * component goes. For what shows nothing of itself; it hears its own failures.
 */
export function abortable(work: (signal: AbortSignal) => Promise<void>): void {
  $effect(() => {
    const controller = new AbortController();
    void work(controller.signal);
    return () => controller.abort();
  });
}

/** No answer, or one of a platform that was on its way down or up. */
export const isOutage = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 502);
