/** What a person has opened and chosen in a conversation; it outlives rows that are scrolled out of the window. */

import { SvelteMap } from 'svelte/reactivity';

export class ConversationState {
  readonly #open = new SvelteMap<string, boolean>();
  /** id of the row that the keyboard is at */
  chosen = $state<string | null>(null);

  isOpen(id: string): boolean {
    return this.#open.get(id) ?? false;
  }

  toggle(id: string): void {
    this.#open.set(id, !this.isOpen(id));
  }
}
