/** What several sources give, each as it comes. The first that fails or ends, ends the others. */

interface Arrival<T> {
  at: number;
  result: IteratorResult<T, unknown>;
}

export async function* merged<T>(
  signal: AbortSignal,
  ...begin: readonly ((signal: AbortSignal) => AsyncIterable<T>)[]
): AsyncGenerator<T> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const sources = begin.map((source) => source(either)[Symbol.asyncIterator]());
  const arrivals = new Arrivals<Arrival<T>>();
  // a source is asked anew once its last word was taken: each holds at most one that nobody has read
  const asked = new Map<number, Promise<void>>();
  const ask = (at: number): void => {
    const answer = sources[at]?.next() ?? Promise.resolve({ done: true as const, value: undefined });
    asked.set(
      at,
      answer.then(
        (result) => arrivals.add({ at, result }),
        (error: unknown) => arrivals.fail(error),
      ),
    );
  };
  for (const at of sources.keys()) ask(at);
  try {
    for (;;) {
      const { at, result } = await arrivals.next();
      if (result.done === true) return;
      yield result.value;
      ask(at);
    }
  } finally {
    stop.abort();
    // what the others still say, be it an error, comes too late for anybody
    await Promise.all(asked.values());
    await Promise.allSettled(sources.map((source) => source.return?.()));
  }
}

/** Words in the order in which they came. Unlike Promise.race it leaves nothing behind on a source that is silent. */
class Arrivals<T> {
  readonly #waiting: T[] = [];
  #failure: { error: unknown } | null = null;
  #wake: () => void = () => undefined;

  add(word: T): void {
    this.#waiting.push(word);
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  async next(): Promise<T> {
    for (;;) {
      const [first] = this.#waiting.splice(0, 1);
      if (first !== undefined) return first;
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
