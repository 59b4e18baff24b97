/** Short notices at the foot of the page, and the sentence that screen readers hear. A true global. */

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'good' | 'bad';
  /** One thing to do about it, e.g. Undo. */
  action?: { label: string; perform: () => void } | undefined;
}

export interface ToastOptions {
  tone?: Toast['tone'];
  action?: Toast['action'];
  /** How long it stays; default 6 s, 10 s with an action or a failure. */
  milliseconds?: number;
  /** Called when it goes without its action having been taken. */
  onexpire?: () => void;
}

class Toasts {
  #items = $state.raw<Toast[]>([]);
  #announcement = $state('');
  #next = 1;
  readonly #expiries = new Map<number, () => void>();

  get items(): readonly Toast[] {
    return this.#items;
  }
  /** What the live region says now. */
  get announcement(): string {
    return this.#announcement;
  }

  show(text: string, options: ToastOptions = {}): number {
    const { tone = 'plain', action, onexpire } = options;
    const stays = options.milliseconds ?? (action || tone === 'bad' ? 10_000 : 6_000);
    const id = this.#next++;
    this.#items = [...this.#items.slice(-3), { id, text, tone, action }];
    if (onexpire) this.#expiries.set(id, onexpire);
    this.say(text);
    setTimeout(() => this.close(id), stays);
    return id;
  }

  /** A failed command as a toast: what happened and its id. */
  fail(error: unknown): number {
    return this.show(error instanceof Error ? error.message : String(error), { tone: 'bad' });
  }

  /** Takes a toast away; with `taken`, its action was chosen and it did not expire. */
  close(id: number, { taken = false } = {}): void {
    this.#items = this.#items.filter((toast) => toast.id !== id);
    const onexpire = this.#expiries.get(id);
    this.#expiries.delete(id);
    if (!taken) onexpire?.();
  }

  /** Tells screen readers something that others see. */
  say(text: string): void {
    this.#announcement = text;
  }
}

export const toasts = new Toasts();
