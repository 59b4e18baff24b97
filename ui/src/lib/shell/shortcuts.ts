/**
 * Keys pressed one after the other (`g e`), alone (`n`, `?`), never while a person types. A page adds its own and
 * takes them away when it goes.
 */

const PAUSE_MS = 1_500;

export interface Shortcut {
  /** Keys with a space between; a capital letter or sign as it is typed. */
  keys: string;
  perform: () => void;
}

export class Shortcuts {
  readonly #known = new Set<Shortcut>();
  readonly #now: () => number;
  #begun = '';
  #at = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Adds shortcuts; the last added wins. Returns what takes them away. */
  add(shortcuts: readonly Shortcut[]): () => void {
    for (const shortcut of shortcuts) this.#known.add(shortcut);
    return () => {
      for (const shortcut of shortcuts) this.#known.delete(shortcut);
    };
  }

  /** Takes a key; true when it ran something. */
  press(key: string): boolean {
    const now = this.#now();
    const sequence = now - this.#at < PAUSE_MS && this.#begun !== '' ? `${this.#begun} ${key}` : key;
    const known = [...this.#known].reverse();
    const found = known.find(({ keys }) => keys === sequence) ?? known.find(({ keys }) => keys === key);
    this.#begun = !found && known.some(({ keys }) => keys.startsWith(`${key} `)) ? key : '';
    this.#at = now;
    found?.perform();
    return found !== undefined;
  }
}

/** Whether `target` takes text, so that keys belong to it. */
export const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

export const shortcuts = new Shortcuts();
