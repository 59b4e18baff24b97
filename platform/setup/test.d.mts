export function countPytest(
  end: number | string,
  output: string,
): { passed: number; failed: number; skipped: number };
/** `--seed N` or `--seed=N` and the words without it; a seed that is no whole number is a SetupError. */
export function takeSeed(words: string[]): { seed: string | null; rest: string[] };
/** Takes the items in their order, `lanes` of them at once; resolves to their results in that order. */
export function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]>;
