/** How long to wait before a process that ended is started again: doubling, and short again after a healthy while. */

export interface PauseLimits {
  /** First pause, in milliseconds. */
  minimum: number;
  /** Longest pause, in milliseconds. */
  maximum: number;
  /** Milliseconds of health after which the pauses begin anew; twice the longest pause would be too forgetful. */
  healthy: number;
}

export class RestartPause {
  readonly #limits: PauseLimits;
  #next: number;

  constructor(limits: PauseLimits) {
    this.#limits = limits;
    this.#next = limits.minimum;
  }

  /** The pause after a life that was healthy for `healthyMilliseconds`. */
  after(healthyMilliseconds: number): number {
    if (healthyMilliseconds >= this.#limits.healthy) {
      this.#next = this.#limits.minimum;
    }
    const pause = this.#next;
    this.#next = Math.min(this.#limits.maximum, this.#next * 2);
    return pause;
  }
}
