/**
 * Whether the platform answers, from every request and stream there is.
 *
 * 1. Any answer, and any byte of an open stream, says that it does.
 * 2. A request that gets no answer says that it does not.
 * 3. Who waits for it to be back is told once for each time that it comes back.
 */
export class Reachability {
  #reachable = true;
  readonly #listeners = new Set<(reachable: boolean) => void>();
  readonly #waiting = new Set<() => void>();

  /** Calls `listener` with each word on it, also when nothing changed. Returns what ends it. */
  onChange(listener: (reachable: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` whenever an answer comes after there was none. Returns what ends it. */
  onRestored(listener: () => void): () => void {
    this.#waiting.add(listener);
    return () => this.#waiting.delete(listener);
  }

  /** A request got no answer. */
  failed(): void {
    this.#tell(false);
  }

  /** Something came from the platform. */
  answered(): void {
    const restored = !this.#reachable;
    this.#tell(true);
    if (!restored) return;
    for (const listener of [...this.#waiting]) listener();
  }

  #tell(reachable: boolean): void {
    this.#reachable = reachable;
    for (const listener of this.#listeners) listener(reachable);
  }
}
