/** Facts of the sessions that the gallery shows, read once each and again while a session works. */

import { SvelteMap } from 'svelte/reactivity';
import { api } from '../../lib/api/client.ts';
import type { Experiment, Page, Session, SessionUsage } from '../../lib/api/types.ts';
import { type Facts, isMoving, type MetricsAnswer, toFacts } from './facts.ts';

const POINTS = 60;
const AT_ONCE = 4;
/** As many experiments as the gallery shows. */
const PAGE_SIZE = 200;

type ExperimentWithLast = Pick<Experiment, 'id'> & { last: (Facts & { id: string }) | null };

export class FactsStore {
  readonly #facts = new SvelteMap<string, Facts>();
  readonly #read = new Map<string, string>();

  of(session: string | undefined): Facts | null {
    return session === undefined ? null : (this.#facts.get(session) ?? null);
  }

  /** Reads what is not known yet of `sessions`, a few at once. */
  async follow(sessions: readonly Session[], signal: AbortSignal): Promise<void> {
    const waiting = sessions.filter(
      (session) => isMoving(session) || this.#read.get(session.id) !== session.updated_at,
    );
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        await this.#load(next, signal);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  /** Reads what the last session of every experiment came to, all in one request, when `sessions` tell of news. */
  async followLast(sessions: readonly Session[], signal: AbortSignal): Promise<void> {
    if (!sessions.some((session) => isMoving(session) || this.#read.get(session.id) !== session.updated_at))
      return;
    const query = { include: 'last_session', limit: PAGE_SIZE };
    const answer = await orNull(api.get<Page<ExperimentWithLast>>('/api/experiments', { signal, query }));
    if (signal.aborted || answer === null) return;
    for (const { id, updated_at } of sessions) this.#read.set(id, updated_at);
    for (const { last } of answer.items) {
      if (last) this.#facts.set(last.id, { ...last, turns: { ...last.turns } });
    }
  }

  async #load(session: Session, signal: AbortSignal): Promise<void> {
    const path = `/api/sessions/${session.id}`;
    const trained = session.state.startsWith('train_');
    const [usage, metrics, metadata] = await Promise.all([
      orNull(api.get<SessionUsage>(`${path}/usage`, { signal })),
      trained
        ? orNull(api.get<MetricsAnswer>(`${path}/metrics`, { signal, query: { max_points: POINTS } }))
        : null,
      session.state === 'train_done'
        ? orNull(api.get<unknown>(`${path}/files/train/data/metadata.json`, { signal }))
        : null,
    ]);
    if (signal.aborted) return;
    this.#read.set(session.id, session.updated_at);
    this.#facts.set(session.id, toFacts(usage, metrics, metadata));
  }
}

/** A fact that cannot be read is left out: the card is still right without it. */
const orNull = <T>(answer: Promise<T>): Promise<T | null> => answer.catch(() => null);
