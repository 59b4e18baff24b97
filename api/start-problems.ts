/** What failed at the start: it holds nothing up, and stands in the status until it is mended. */

export interface StartProblem {
  /** What was to be done. */
  what: string;
  message: string;
  /** It is tried again by itself; else only a new start helps. */
  is_retried: boolean;
  /** When it failed last. */
  at: string;
}

export class StartProblems {
  readonly #byTask = new Map<string, readonly StartProblem[]>();

  /** All that is wrong with a task now; nothing: it is done. */
  replace(task: string, problems: readonly Omit<StartProblem, 'at'>[]): void {
    const at = new Date().toISOString();
    this.#byTask.set(
      task,
      problems.map((problem) => ({ ...problem, at })),
    );
  }

  list(): StartProblem[] {
    return [...this.#byTask.values()].flat();
  }
}
