/** Sessions in which a person is asked, for who does not look at the page: in the tab's title, and as notifications. */

/** The tab's title: the page's, behind the number of sessions in which a person is asked. */
export const countedTitle = (page: string, asked: number): string =>
  asked > 0 ? `(${asked}) ${page}` : page;

/** Tells of each session once for each time that it begins to ask; of what asks when the page is opened, nothing. */
export class AskedSessions {
  #known: ReadonlySet<string> | null = null;

  /** Takes who asks now, null while that is not known. @returns those that did not ask before */
  began(asking: readonly { id: string }[] | null): string[] {
    if (asking === null) return [];
    const before = this.#known;
    this.#known = new Set(asking.map(({ id }) => id));
    return before === null ? [] : [...this.#known].filter((id) => !before.has(id));
  }
}
