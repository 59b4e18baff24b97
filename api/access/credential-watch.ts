/**
 * Ends what outlives its credential: a stream that was opened with a key or a sign-in is ended when that counts no
 * longer. Looked at every two seconds and at each hint, in every process by itself; an outage of the database ends
 * nothing.
 */

import { heard } from '../../core/heard.ts';
import type { Principal } from '../../core/principal.ts';
import { countingKeys, countingSignIns, type EventHub, type Queryable } from '../../db/index.ts';

/** What is hinted when a key was taken back: a name like a stream's, which no stream has. */
export const ACCESS_HINT = 'access';
const INTERVAL_MILLISECONDS = 2_000;

export interface Followed {
  /** Aborts when the principal's credential counts no longer. */
  signal: AbortSignal;
  release(): void;
}

export interface CredentialWatch {
  follow(principal: Principal): Followed;
  close(): void;
}

/** Asks nothing of the database before something is followed. */
export function createCredentialWatch(db: Queryable, hub: Pick<EventHub, 'onHint'>): CredentialWatch {
  const followed = new Map<string, Set<AbortController>>();
  let stop: (() => void) | null = null;

  async function check(): Promise<void> {
    const ids = [...followed.keys()];
    if (ids.length === 0) return;
    const counting = new Set((await Promise.all([countingKeys(db, ids), countingSignIns(db, ids)])).flat());
    for (const id of ids) {
      if (!counting.has(id)) for (const each of followed.get(id) ?? []) each.abort();
    }
  }
  const checkSoon = () => void heard(check()).catch(() => undefined); // the next look asks again
  function start(): () => void {
    const timer = setInterval(checkSoon, INTERVAL_MILLISECONDS).unref();
    const end = hub.onHint((name) => {
      if (name === ACCESS_HINT) checkSoon();
    });
    return () => {
      clearInterval(timer);
      end();
    };
  }

  return {
    follow({ credential }) {
      const controller = new AbortController();
      if (credential === undefined) return { signal: controller.signal, release: () => undefined };
      stop ??= start();
      const others = followed.get(credential) ?? new Set();
      followed.set(credential, others.add(controller));
      return {
        signal: controller.signal,
        release() {
          others.delete(controller);
          if (others.size === 0) followed.delete(credential);
        },
      };
    },
    close: () => stop?.(),
  };
}
