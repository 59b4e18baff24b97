/**
 * A sliding window over requests, made of two buckets: those of the present minute count whole, those of the one before
 * by the part of it that the window still covers. Counted in Postgres (db/rate-windows-repository.ts).
 */

/** Length of a bucket, and of the window. */
export const WINDOW_SECONDS = 60;

export interface RateWindow {
  /** What is limited: `requests`, or `tool …`. */
  name: string;
  /** Requests in any minute. */
  limit: number;
  /** Granted in the present bucket, this request among them where it was. */
  current: number;
  /** Granted in the bucket before. */
  previous: number;
  /** The part of the present bucket that has passed, 0 to 1. */
  elapsed: number;
  granted: boolean;
}

export interface RateState {
  limit: number;
  /** Requests that would be granted now. */
  remaining: number;
  /** Seconds until everything is free again, if nobody asks. */
  resetSeconds: number;
  /** Seconds until one more request is granted; 0 where one would be now. */
  retrySeconds: number;
}

/** What a caller is told of a window. */
export function rateState(window: RateWindow): RateState {
  const { limit, current, previous, elapsed } = window;
  const used = previous * (1 - elapsed) + current;
  const left = (1 - elapsed) * WINDOW_SECONDS;
  const resetSeconds = current > 0 ? left + WINDOW_SECONDS : previous > 0 ? left : 0;
  return {
    limit,
    remaining: Math.max(0, Math.floor(limit - used)),
    resetSeconds: Math.ceil(resetSeconds),
    retrySeconds: retrySeconds(window),
  };
}

/** Of several windows the one that binds: a refusal that lasts longest, else the least that remains. */
export function bindingWindow(windows: readonly RateWindow[]): RateWindow | null {
  const rank = (window: RateWindow) => (window.granted ? 0 : 1 + retrySeconds(window));
  const sorted = [...windows].sort(
    (one, other) => rank(other) - rank(one) || rateState(one).remaining - rateState(other).remaining,
  );
  return sorted[0] ?? null;
}

function retrySeconds({ limit, current, previous, elapsed }: RateWindow): number {
  const room = limit - 1;
  if (previous * (1 - elapsed) + current <= room) return 0;
  const left = (1 - elapsed) * WINDOW_SECONDS;
  // as the former bucket leaves the window, or, with the present one full, as that one leaves it
  if (current <= room) return left - (WINDOW_SECONDS * (room - current)) / previous;
  return left + WINDOW_SECONDS * (1 - room / current);
}
