/** Rows of a long table, fetched a page at a time when they come into sight, and forgotten when long out of it. */

export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

export const PAGE_ROWS = 200;
/** Pages kept: 60 × 200 rows. */
const MOST_PAGES = 60;

/** Fetches `count` rows from `first` on. It is given up by `signal` when they are out of sight. */
export type FetchRows<T = Row> = (first: number, count: number, signal: AbortSignal) => Promise<T[]>;

export class RowPages<T = Row> {
  readonly #fetch: FetchRows<T>;
  readonly #pages = new Map<number, T[]>();
  readonly #coming = new Map<number, AbortController>();
  readonly #onChange: () => void;
  #error: unknown = null;

  constructor(fetch: FetchRows<T>, onChange: () => void) {
    this.#fetch = fetch;
    this.#onChange = onChange;
  }

  /** The last failure; null when the rows asked for last came. */
  get error(): unknown {
    return this.#error;
  }

  /** A row; undefined while it is on its way. */
  row(at: number): T | undefined {
    return this.#pages.get(Math.floor(at / PAGE_ROWS))?.[at % PAGE_ROWS];
  }

  /** Fetches what is in sight and not there; gives up what is on its way and out of sight. */
  show(first: number, count: number): void {
    const from = Math.floor(first / PAGE_ROWS);
    const to = Math.floor(Math.max(first, first + count - 1) / PAGE_ROWS);
    for (const [page, controller] of this.#coming) if (page < from || page > to) controller.abort();
    for (let page = from; page <= to; page += 1) {
      const rows = this.#pages.get(page);
      if (rows !== undefined) this.#touch(page, rows);
      else if (!this.#coming.has(page)) void this.#load(page);
    }
  }

  /** Gives up everything that is on its way. */
  close(): void {
    for (const controller of this.#coming.values()) controller.abort();
  }

  #touch(page: number, rows: T[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }

  async #load(page: number): Promise<void> {
    const controller = new AbortController();
    this.#coming.set(page, controller);
    try {
      const rows = await this.#fetch(page * PAGE_ROWS, PAGE_ROWS, controller.signal);
      if (controller.signal.aborted) return;
      this.#touch(page, rows);
      this.#error = null;
      const [oldest] = this.#pages.keys();
      if (this.#pages.size > MOST_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    } catch (error) {
      if (!controller.signal.aborted) this.#error = error;
    } finally {
      if (this.#coming.get(page) === controller) this.#coming.delete(page);
      if (!controller.signal.aborted) this.#onChange();
    }
  }
}
