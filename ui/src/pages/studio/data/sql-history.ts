/** The last queries that answered, kept in this browser over all sessions: the newest first, each once. */

const KEY = 'tempera.sql-history';
const MOST_QUERIES = 20;
const MOST_CHARACTERS = 4_000;

/** The kept queries; none where storage is switched off or holds something else. */
export function readHistory(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored)
      ? stored.filter((query) => typeof query === 'string').slice(0, MOST_QUERIES)
      : [];
  } catch {
    return [];
  }
}

/** The history with a query in front; a very long one is not kept. */
export function withQuery(queries: readonly string[], query: string): string[] {
  const text = query.trim();
  if (text === '' || text.length > MOST_CHARACTERS) return [...queries];
  return [text, ...queries.filter((each) => each !== text)].slice(0, MOST_QUERIES);
}

export function keepHistory(queries: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(queries));
  } catch {
    // storage is switched off or full: the history lasts as long as the page
  }
}
