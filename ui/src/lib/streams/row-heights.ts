/**
 * Where the rows of a windowed list stand, when heights are known only of those that were drawn. Sums are kept up to
 * the first row whose height changed since.
 */

export class RowHeights {
  readonly #heights: number[] = [];
  readonly #tops: number[] = [0];
  readonly #estimate: number;
  #known = 0;
  #length = 0;

  /** @param estimate height of a row that was not drawn yet, px */
  constructor(estimate = 40) {
    this.#estimate = estimate;
  }

  get length(): number {
    return this.#length;
  }

  set length(length: number) {
    if (length < this.#length) this.#known = Math.min(this.#known, length);
    this.#length = length;
  }

  get total(): number {
    return this.top(this.#length);
  }

  height(row: number): number {
    return this.#heights[row] ?? this.#estimate;
  }

  /** @returns by how much the row grew */
  measure(row: number, height: number): number {
    const growth = height - this.height(row);
    if (growth === 0 && this.#heights[row] !== undefined) return 0;
    this.#heights[row] = height;
    if (growth !== 0) this.#known = Math.min(this.#known, row);
    return growth;
  }

  /** Distance of a row's upper edge from the list's. */
  top(row: number): number {
    for (let each = this.#known; each < row; each++) {
      this.#tops[each + 1] = (this.#tops[each] ?? 0) + this.height(each);
    }
    this.#known = Math.max(this.#known, row);
    return this.#tops[row] ?? 0;
  }

  /** The row that covers `offset`. */
  at(offset: number): number {
    this.top(this.#length);
    let low = 0;
    let high = Math.max(0, this.#length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
