/**
 * The frame of discernment: the leaves of a vocabulary, of which exactly one is right, and the sets of leaves that
 * evidence speaks of.
 *
 * 1. A set is an integer: those below the number of leaves are the leaves themselves, the next one is the whole frame,
 *    every other is given its own when it is first made. Equal sets have one number, so sets are compared by it.
 * 2. Members are bits of 32-bit words: an intersection costs one pass over the words the first time and a look-up
 *    after.
 * 3. A tree of terms makes its inner nodes known: each is the set of the leaves below it.
 *
 * Source: G. Shafer, A Mathematical Theory of Evidence, 1976, for the terms.
 */

/** A set of leaves by its number in its frame. */
export type SetId = number;

/** The empty set has no number that is a set's: nothing may rest on it. */
export const EMPTY: SetId = -1;

export interface Term {
  code: string;
  /** null: directly below the root. */
  parent: string | null;
}

/** An inner node or a leaf of the tree. */
export interface Node {
  code: string;
  set: SetId;
  /** Among the nodes of its frame. */
  place: number;
  /** 1: directly below the root. */
  depth: number;
}

const WORD_BITS = 32;
/** Two numbers below it make one that a double holds exactly. */
const MOST_SETS = 2 ** 26;

export class Frame {
  /** Codes, by number of leaf. */
  readonly leaves: readonly string[];
  /** Every term's node by its code, those above before those below. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** The whole frame: "one of them, and nothing is known of which". */
  readonly whole: SetId;

  readonly #words: number;
  readonly #members = new Map<SetId, Uint32Array>();
  readonly #sizes = new Map<SetId, number>();
  readonly #known = new Map<string, SetId>();
  readonly #intersections = new Map<number, SetId>();
  readonly #leaves = new Map<SetId, readonly number[]>();
  readonly #nodesAbove = new Map<number, readonly Node[]>();
  /** Sets below it are never forgotten: leaves, nodes, and what was retained. */
  #lasting: SetId;
  #next: SetId = 0;

  /**
   * @param leaves codes, each once and at least one
   * @param nodes codes with the leaves below them, those above before those below
   * @throws RangeError when there is no leaf, one stands twice, or a node has a leaf that is none
   */
  constructor(
    leaves: readonly string[],
    nodes: readonly { code: string; depth: number; leaves: readonly string[] }[] = [],
  ) {
    if (leaves.length === 0) throw new RangeError('A frame needs at least one leaf.');
    this.leaves = leaves;
    this.#words = Math.ceil(leaves.length / WORD_BITS);
    const index = new Map(leaves.map((code, leaf) => [code, leaf]));
    if (index.size < leaves.length) throw new RangeError('A leaf stands twice in the frame.');
    for (let leaf = 0; leaf < leaves.length; leaf += 1) this.#add(this.#bitsOf([leaf]));
    this.whole = this.setOf(leaves.map((_, leaf) => leaf));
    const sets = new Map([
      ...leaves.map((code, set) => [code, { set, depth: 1 }] as const),
      ...nodes.map(({ code, depth, leaves: below }) => {
        const set = this.setOf(below.map((leaf) => indexIn(index, leaf)));
        return [code, { set, depth }] as const;
      }),
    ]);
    this.nodes = new Map([...sets].map(([code, node], place) => [code, { code, place, ...node }]));
    this.#lasting = this.#next;
  }

  /** How many sets it remembers: leaves, nodes, and what was made of them since. */
  get sets(): number {
    return this.#members.size;
  }

  /**
   * @param leaves numbers of leaves, in any order, each as often as one likes
   * @returns EMPTY for none
   * @throws RangeError for a number that is no leaf's
   */
  setOf(leaves: Iterable<number>): SetId {
    const bits = this.#bitsOf(leaves);
    return bits.some((word) => word !== 0) ? this.#add(bits) : EMPTY;
  }

  /** @throws RangeError when no term has this code */
  setOfCode(code: string): SetId {
    const node = this.nodes.get(code);
    if (node === undefined)
      throw new RangeError(`No term of the frame has the code ${JSON.stringify(code)}.`);
    return node.set;
  }

  isLeaf(set: SetId): boolean {
    return set >= 0 && set < this.leaves.length;
  }

  /** How many leaves it has. */
  sizeOf(set: SetId): number {
    return set === EMPTY ? 0 : (this.#sizes.get(this.#checked(set)) ?? 0);
  }

  /** Numbers of its leaves, rising. */
  leavesOf(set: SetId): readonly number[] {
    if (set === EMPTY) return [];
    const known = this.#leaves.get(set);
    if (known !== undefined) return known;
    const leaves = leavesIn(this.#bits(set));
    if (set < this.#lasting) this.#leaves.set(set, leaves);
    return leaves;
  }

  /** Nodes that contain a set, those above before those below; all for the empty one. */
  nodesAbove(set: SetId): readonly Node[] {
    const first = this.leavesOf(set)[0];
    const nodes = first === undefined ? [...this.nodes.values()] : this.#above(first);
    return this.isLeaf(set) ? nodes : nodes.filter((node) => this.contains(node.set, set));
  }

  #above(leaf: number): readonly Node[] {
    const known = this.#nodesAbove.get(leaf);
    if (known !== undefined) return known;
    const nodes = [...this.nodes.values()].filter(({ set }) => this.contains(set, leaf));
    this.#nodesAbove.set(leaf, nodes);
    return nodes;
  }

  /** Whether every leaf of `inner` is one of `outer`. */
  contains(outer: SetId, inner: SetId): boolean {
    if (inner === EMPTY || outer === inner || outer === this.whole) return true;
    if (outer === EMPTY || this.isLeaf(outer)) return false;
    const bits = this.#bits(outer);
    if (this.isLeaf(inner)) return hasBit(bits, inner);
    return this.#bits(inner).every((word, place) => (word & ~(bits[place] ?? 0)) === 0);
  }

  intersect(one: SetId, other: SetId): SetId {
    if (one === other || other === this.whole) return one;
    if (one === this.whole) return other;
    if (one === EMPTY || other === EMPTY) return EMPTY;
    if (this.isLeaf(one)) return this.contains(other, one) ? one : EMPTY;
    if (this.isLeaf(other)) return this.contains(one, other) ? other : EMPTY;
    return this.#intersectSets(Math.min(one, other), Math.max(one, other));
  }

  union(one: SetId, other: SetId): SetId {
    if (this.contains(one, other)) return one;
    if (this.contains(other, one)) return other;
    const bits = this.#bits(other);
    return this.#add(this.#bits(one).map((word, place) => word | (bits[place] ?? 0)));
  }

  /** Whoever holds sets for longer than one column: all that there are now outlast `forget`. */
  retain(): void {
    this.#lasting = this.#next;
  }

  /**
   * Forgets all sets but leaves, nodes and what was retained, so that a frame that outlives 100,000 columns does not
   * grow with what unions made of them. No number is given twice: a mass function that speaks of a forgotten set is
   * refused, not misread.
   */
  forget(): void {
    for (const [set, bits] of this.#members) {
      if (set < this.#lasting) continue;
      this.#members.delete(set);
      this.#sizes.delete(set);
      this.#known.delete(bits.join());
    }
    this.#intersections.clear();
  }

  #intersectSets(one: SetId, other: SetId): SetId {
    const pair = one * MOST_SETS + other;
    const known = this.#intersections.get(pair);
    if (known !== undefined) return known;
    const bits = this.#bits(other);
    const common = this.#bits(one).map((word, place) => word & (bits[place] ?? 0));
    const set = common.some((word) => word !== 0) ? this.#add(common) : EMPTY;
    this.#intersections.set(pair, set);
    return set;
  }

  #add(bits: Uint32Array): SetId {
    const key = bits.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const set = this.#next;
    this.#next += 1;
    this.#members.set(set, bits);
    this.#sizes.set(
      set,
      bits.reduce((sum, word) => sum + bitCount(word), 0),
    );
    this.#known.set(key, set);
    return set;
  }

  #bits(set: SetId): Uint32Array {
    return this.#members.get(this.#checked(set)) ?? new Uint32Array(this.#words);
  }

  #checked(set: SetId): SetId {
    if (this.#members.has(set)) return set;
    throw new RangeError(`The frame has no set ${set}: it was made in another one, or is forgotten.`);
  }

  #bitsOf(leaves: Iterable<number>): Uint32Array {
    const bits = new Uint32Array(this.#words);
    for (const leaf of leaves) {
      if (!Number.isInteger(leaf) || leaf < 0 || leaf >= this.leaves.length)
        throw new RangeError(`The frame has no leaf ${leaf}.`);
      const place = Math.floor(leaf / WORD_BITS);
      bits[place] = (bits[place] ?? 0) | (1 << (leaf % WORD_BITS));
    }
    return bits;
  }
}

/**
 * The frame of a tree of terms.
 *
 * @param terms in any order; a term that is no other's parent is a leaf
 * @throws RangeError for a parent that is no term, or terms that are above each other
 */
export function frameOf(terms: readonly Term[]): Frame {
  const parents = new Map(terms.map(({ code, parent }) => [code, parent]));
  const inner = new Set(terms.flatMap(({ parent }) => (parent === null ? [] : [parent])));
  const paths = new Map(terms.map(({ code }) => [code, pathOf(code, parents)]));
  const leaves = terms.flatMap(({ code }) => (inner.has(code) ? [] : [code]));
  const below = new Map(terms.map(({ code }): [string, string[]] => [code, []]));
  for (const leaf of leaves) for (const code of paths.get(leaf) ?? []) below.get(code)?.push(leaf);
  const nodes = terms.map(({ code }) => ({
    code,
    depth: paths.get(code)?.length ?? 1,
    leaves: below.get(code) ?? [],
  }));
  return new Frame(
    leaves,
    nodes.sort((a, b) => a.depth - b.depth),
  );
}

/** A term and those above it, the topmost first. */
function pathOf(code: string, parents: ReadonlyMap<string, string | null>): string[] {
  const path: string[] = [];
  for (let at: string | null = code; at !== null; at = parents.get(at) ?? null) {
    if (!parents.has(at))
      throw new RangeError(`${JSON.stringify(path[0])} is below ${JSON.stringify(at)}, which is no term.`);
    if (path.includes(at))
      throw new RangeError(`The terms above ${JSON.stringify(code)} go round: ${path.join(', ')}.`);
    path.unshift(at);
  }
  return path;
}

function indexIn(index: ReadonlyMap<string, number>, leaf: string): number {
  const found = index.get(leaf);
  if (found === undefined) throw new RangeError(`The frame has no leaf ${JSON.stringify(leaf)}.`);
  return found;
}

const hasBit = (bits: Uint32Array, leaf: number): boolean =>
  (((bits[Math.floor(leaf / WORD_BITS)] ?? 0) >>> (leaf % WORD_BITS)) & 1) === 1;

function leavesIn(bits: Uint32Array): number[] {
  const leaves: number[] = [];
  for (const [place, word] of bits.entries())
    for (let bit = 0; bit < WORD_BITS; bit += 1)
      if (((word >>> bit) & 1) === 1) leaves.push(place * WORD_BITS + bit);
  return leaves;
}

function bitCount(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
