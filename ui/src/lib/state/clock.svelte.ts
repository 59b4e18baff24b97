/** One clock for the page: every relative time and running duration moves together. */

const TICK_MILLISECONDS = 1_000;

class Clock {
  #now = $state(Date.now());

  /** Milliseconds since 1970, renewed each second while the page is seen. */
  get now(): number {
    return this.#now;
  }

  /** Ticks until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => {
      if (!document.hidden) this.#now = Date.now();
    }, TICK_MILLISECONDS);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
