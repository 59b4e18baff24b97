/**
 * Which files a script's text mentions. Scripts and names of files are an agent's, and there may be thousands of each:
 * a text is read once for all names, in time that grows with its length.
 */

const WORDS = /[\p{L}\p{N}_]+/gu;
/** Of a line that makes names of variables so many folders and endings are told apart. */
const MOST_IN_LINE = 20;

interface Node {
  next: Map<string, Node>;
  paths: string[];
}

/** Paths that scripts wrote, in the order in which they were added. */
export class KnownPaths {
  readonly #root: Node = { next: new Map(), paths: [] };
  /** By folder and ending, e.g. `prep/data/` and `.parquet`. */
  readonly #byEnding = new Map<string, string[]>();
  readonly #places = new Map<string, number>();
  /** How often a word was looked up: what reading has cost so far. */
  lookups = 0;

  add(path: string): void {
    if (this.#places.has(path)) return;
    this.#places.set(path, this.#places.size);
    let node = this.#root;
    for (const [word] of path.matchAll(WORDS)) {
      const child = node.next.get(word) ?? { next: new Map(), paths: [] };
      node.next.set(word, child);
      node = child;
    }
    if (node !== this.#root) node.paths.push(path);
    const slash = path.lastIndexOf('/');
    const dot = path.lastIndexOf('.');
    if (slash < 0 || dot < slash) return;
    const key = endingKey(path.slice(0, slash + 1), path.slice(dot));
    const alike = this.#byEnding.get(key) ?? [];
    alike.push(path);
    this.#byEnding.set(key, alike);
  }

  /** Those that stand in `code` as they are, or with their name made of a variable: `prep/data/{name}.parquet`. */
  mentionedIn(code: string): string[] {
    const found = new Set([...this.#written(code), ...this.#made(code)]);
    const place = (path: string) => this.#places.get(path) ?? 0;
    return [...found].sort((left, right) => place(left) - place(right));
  }

  *#written(code: string): Generator<string> {
    const words = [...code.matchAll(WORDS)];
    for (const [first, { index }] of words.entries()) {
      let node: Node | undefined = this.#root;
      for (let at = first; node !== undefined && at < words.length; at += 1) {
        this.lookups += 1;
        node = node.next.get(words[at]?.[0] ?? '');
        for (const path of node?.paths ?? []) {
          const lead = path.search(WORDS);
          if (code.startsWith(path, index - lead)) yield path;
        }
      }
    }
  }

  *#made(code: string): Generator<string> {
    const keys = new Set<string>();
    for (const line of code.split('\n')) {
      if (!line.includes('{')) continue;
      const folders = [...line.matchAll(/([\p{L}\p{N}_./-]*\/)\{/gu)].slice(0, MOST_IN_LINE);
      const endings = [...line.matchAll(/\}(\.[\p{L}\p{N}_]+)/gu)].slice(0, MOST_IN_LINE);
      for (const { 1: folder = '', index } of folders) {
        for (const { 1: ending = '', index: end } of endings) {
          if (end > index) for (const each of tailsOf(folder)) keys.add(endingKey(each, ending));
        }
      }
    }
    for (const key of keys) yield* this.#byEnding.get(key) ?? [];
  }
}

const endingKey = (folder: string, ending: string): string => `${folder}\0${ending}`;

/** `a/b/c/`, `b/c/` and `c/`: a script may name a folder from another one. */
function tailsOf(folder: string): string[] {
  const parts = folder.split('/').slice(-MOST_IN_LINE);
  return parts.slice(0, -1).map((_part, at) => parts.slice(at).join('/'));
}
