/**
 * Changes of a session's decisions that a person has begun and not yet sent.
 *
 * 1. They are kept in this browser until they are sent or discarded: a reload or a second tab has them too.
 * 2. A key has one change, the last that was chosen.
 * Where nothing can be stored they last as long as the page.
 */

export interface DecisionChange {
  key: string;
  /** Null where it is withdrawn. */
  value: unknown;
  /** What the person had decided is left to the agent again. */
  withdraw?: true;
}

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const changesKey = (session: string): string => `tempera.changes.${session}`;

export class PendingChanges {
  readonly #key: string;
  readonly #place: Place | null;
  readonly #listeners = new Set<() => void>();
  #changes: ReadonlyMap<string, DecisionChange>;

  /** @param place null where this browser stores nothing */
  constructor(session: string, place: Place | null) {
    this.#key = changesKey(session);
    this.#place = place;
    this.#changes = this.#read();
  }

  get list(): DecisionChange[] {
    return [...this.#changes.values()];
  }

  of(key: string): DecisionChange | null {
    return this.#changes.get(key) ?? null;
  }

  set(changes: readonly DecisionChange[]): void {
    this.#write(new Map([...this.#changes, ...byKey(changes)]));
  }

  discard(keys: readonly string[]): void {
    this.#write(new Map([...this.#changes].filter(([key]) => !keys.includes(key))));
  }

  clear(): void {
    this.#write(new Map());
  }

  /** Another tab wrote to `key`; null for all of them. */
  stored(key: string | null): void {
    if (key !== null && key !== this.#key) return;
    this.#changes = this.#read();
    this.#tell();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #write(changes: ReadonlyMap<string, DecisionChange>): void {
    this.#changes = changes;
    try {
      if (changes.size === 0) this.#place?.removeItem(this.#key);
      else this.#place?.setItem(this.#key, JSON.stringify(this.list));
    } catch {
      // storage is switched off or full: the changes last as long as the page
    }
    this.#tell();
  }

  #read(): ReadonlyMap<string, DecisionChange> {
    try {
      const stored: unknown = JSON.parse(this.#place?.getItem(this.#key) ?? '[]');
      return new Map(Array.isArray(stored) ? byKey(stored.filter(isChange)) : []);
    } catch {
      return new Map(); // storage is switched off, or holds what is none of ours
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const byKey = (changes: readonly DecisionChange[]) =>
  changes.map(({ key, value, withdraw }): [string, DecisionChange] => [
    key,
    { key, value, ...(withdraw && { withdraw }) },
  ]);

const isChange = (value: unknown): value is DecisionChange =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'key') === 'string' &&
  'value' in value;
