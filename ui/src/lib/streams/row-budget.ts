/**
 * Which rows of a window are drawn whole now. A fast scroll brings a whole screen of new rows each frame, more than
 * a frame has time for: of those that are new only a few are let in at a time, the ones in the middle first. How many
 * follows from how long frames take here: one too many is noticed by the next frame.
 */
export class RowBudget {
  readonly #most: number;
  #atOnce: number;
  #drawn = new Set<string>();

  /** @param most new rows of one call */
  constructor(most = 5) {
    this.#most = most;
    this.#atOnce = Math.min(most, START);
  }

  /**
   * @param keys the window's rows from top to bottom; rows that are not among them are forgotten
   * @param everything lets all in
   * @returns those that are drawn whole, and whether some are not yet
   */
  admit(keys: readonly string[], everything = false): { drawn: ReadonlySet<string>; more: boolean } {
    const fresh = keys.filter((key) => !this.#drawn.has(key));
    const middle = (keys.length - 1) / 2;
    const place = new Map(keys.map((key, at) => [key, Math.abs(at - middle)]));
    const nearest = everything
      ? fresh
      : fresh.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)).slice(0, this.#atOnce);
    this.#drawn = new Set([...keys.filter((key) => this.#drawn.has(key)), ...nearest]);
    return { drawn: this.#drawn, more: nearest.length < fresh.length };
  }

  /** A frame in which new rows were drawn took so long: half as many after a long one, one more after a short one. */
  took(milliseconds: number): void {
    if (milliseconds > LONG_MS) this.#atOnce = Math.max(1, Math.floor(this.#atOnce / 2));
    else if (milliseconds < SHORT_MS) this.#atOnce = Math.min(this.#most, this.#atOnce + 1);
  }
}

/** Rows of the first frame, when nothing is known of this machine. */
const START = 3;
/** A screen draws one every 16.7 ms. */
const LONG_MS = 22;
const SHORT_MS = 18;
