/** What two sources give, each as it comes. The first that fails or ends, ends the other. */

import { heard } from '../../core/heard.ts';

export async function* merged<A, B>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => AsyncIterable<A>,
  second: (signal: AbortSignal) => AsyncIterable<B>,
): AsyncGenerator<A | B> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const sources = [first(either)[Symbol.asyncIterator](), second(either)[Symbol.asyncIterator]()];
  const next = async (at: number) => ({ at, result: await sources[at]?.next() });
  const ask = (at: number) => heard(next(at));
  const asked = sources.map((_, at) => ask(at));
  try {
    for (;;) {
      const { at, result } = await Promise.race(asked);
      if (result === undefined || result.done === true) return;
      yield result.value;
      asked[at] = ask(at);
    }
  } finally {
    stop.abort();
    // what the others still say, be it an error, comes too late for anybody
    await Promise.allSettled(asked);
    await Promise.allSettled(sources.map((source) => source.return?.()));
  }
}
