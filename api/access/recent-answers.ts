/** What the database has said of a hash, for two seconds: what was taken back is let in no longer than that. */

const HOLDS_MILLISECONDS = 2_000;
/** Hashes of which something is remembered; many wrong ones push out the others. */
const MOST_REMEMBERED = 10_000;

interface RecentAnswers<T> {
  of(hash: string): Promise<T>;
  forget(hash: string): void;
}

/** @param now milliseconds that only go forward */
export function recentAnswers<T>(
  ask: (hash: string) => Promise<T>,
  now: () => number = () => performance.now(),
): RecentAnswers<T> {
  const remembered = new Map<string, { until: number; answer: Promise<T> }>();
  return {
    of(hash) {
      const known = remembered.get(hash);
      if (known !== undefined && known.until > now()) return known.answer;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      const answer = ask(hash);
      remembered.set(hash, { until: now() + HOLDS_MILLISECONDS, answer });
      // an outage is asked about again at once
      answer.catch(() => remembered.delete(hash));
      return answer;
    },
    forget: (hash) => void remembered.delete(hash),
  };
}
