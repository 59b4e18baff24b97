/**
 * The items of a conversation in their order, which is the one that a reload shows:
 * 1. items are replaced, never changed; one that an event made keeps its place;
 * 2. what is being written, of which no event has told yet, stands last; what comes meanwhile stands before it.
 */

import type { ConversationItem } from './conversation-item.ts';

type Change<T> = Partial<Omit<T, 'kind' | 'id'>>;

export class ItemList {
  readonly #items: ConversationItem[] = [];
  readonly #places = new Map<string, number>();

  get items(): readonly ConversationItem[] {
    return this.#items;
  }

  get(id: string): ConversationItem | null {
    return this.#items[this.#places.get(id) ?? -1] ?? null;
  }

  /** @param before id of what it is to stand before, where an event has told of that; else it stands last */
  add(item: ConversationItem, before = ''): void {
    if (this.#places.has(item.id)) return;
    const place = this.#placeFor(item, before);
    this.#items.splice(place, 0, item);
    this.#number(place);
  }

  remove(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#items.splice(place, 1);
    this.#places.delete(id);
    this.#number(place);
  }

  /** @returns false where there is no such item of that kind */
  change<K extends ConversationItem['kind']>(
    id: string,
    kind: K,
    change: Change<Extract<ConversationItem, { kind: K }>>,
  ): boolean {
    const place = this.#places.get(id);
    const item = this.#items[place ?? -1];
    if (place === undefined || item?.kind !== kind) return false;
    this.#items[place] = { ...item, ...change };
    return true;
  }

  #placeFor({ seq }: ConversationItem, before: string): number {
    const place = this.#places.get(before);
    if (place !== undefined && (seq === 0 || this.#items[place]?.seq !== 0)) return place;
    if (seq === 0) return this.#items.length;
    return this.#items.findLastIndex((item) => item.seq !== 0) + 1;
  }

  #number(from: number): void {
    for (let at = from; at < this.#items.length; at += 1) {
      const item = this.#items[at];
      if (item) this.#places.set(item.id, at);
    }
  }
}
