/**
 * The same promise, with a listener from its first moment: for one that is kept, and awaited only later. Node ends the
 * process for a rejection that nobody listens to, also where somebody will. Whoever awaits it still gets its error.
 */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
