/**
 * Names by their words: finding which of thousands stands at a place of a text costs as much as the longest name
 * has words.
 */

export class WordTrie<T> {
  readonly next = new Map<string, WordTrie<T>>();
  /** What ends here, in the order in which it was added. */
  readonly values: T[] = [];

  /** A name without words is at no place. */
  add(words: readonly string[], value: T): void {
    if (words.length === 0) return;
    let node: WordTrie<T> = this;
    for (const word of words) {
      const child = node.next.get(word) ?? new WordTrie<T>();
      node.next.set(word, child);
      node = child;
    }
    node.values.push(value);
  }
}
