/**
 * What a person has opened, chosen and begun to write in a conversation; it outlives rows that are scrolled out of the
 * window. What is begun lasts as long as the tab, also through a reload or a look at another page.
 */

import { SvelteMap } from 'svelte/reactivity';

/** The draft of a message to the agent; those of answers are kept by their question's id. */
export const MESSAGE_DRAFT = 'message';

export class ConversationState {
  readonly #open = new SvelteMap<string, boolean>();
  readonly #drafts: SvelteMap<string, string>;
  readonly #key: string;
  /** id of the row that the keyboard is at */
  chosen = $state<string | null>(null);

  constructor(sessionId: string) {
    this.#key = `tempera.drafts.${sessionId}`;
    this.#drafts = new SvelteMap(readDrafts(this.#key));
  }

  isOpen(id: string): boolean {
    return this.#open.get(id) ?? false;
  }

  toggle(id: string): void {
    this.#open.set(id, !this.isOpen(id));
  }

  /** What was begun under `id`; '' for nothing. */
  draft(id: string): string {
    return this.#drafts.get(id) ?? '';
  }

  setDraft(id: string, text: string): void {
    if (text === '') this.#drafts.delete(id);
    else this.#drafts.set(id, text);
    try {
      sessionStorage.setItem(this.#key, JSON.stringify([...this.#drafts]));
    } catch {
      // storage is switched off or full: the draft lasts as long as the page
    }
  }
}

function readDrafts(key: string): [string, string][] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isDraft) : [];
  } catch {
    return []; // storage is switched off, or holds what is none of ours
  }
}

const isDraft = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
