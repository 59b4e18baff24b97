/**
 * Which rows of a window are drawn whole now. A fast scroll brings a whole screen of new rows each frame, more than
 * a frame has time for: of those that are new only a few are let in at a time, the ones in the middle first.
 */
export class RowBudget {
  readonly #atOnce: number;
  #drawn = new Set<string>();

  /** @param atOnce new rows of one call */
  constructor(atOnce = 5) {
    this.#atOnce = atOnce;
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
}
