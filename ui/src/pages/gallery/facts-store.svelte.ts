/** Facts of the sessions that a page shows: all in one request, again when one has changed or works. */

import { SvelteMap } from 'svelte/reactivity';
import { api } from '../../lib/api/client.ts';
import type { Experiment, Page, Session } from '../../lib/api/types.ts';
import { type Facts, isMoving } from './facts.ts';

/** As many as a page shows. */
const PAGE_SIZE = 200;

type SessionWithOutcome = Session & { outcome?: Facts };
type ExperimentWithLast = Pick<Experiment, 'id'> & { last: (Facts & { id: string }) | null };

export class FactsStore {
  readonly #facts = new SvelteMap<string, Facts>();
  readonly #read = new Map<string, string>();
  #ready = $state(false);

  /** True once the first answer is there: before it a page knows nothing of any session. */
  get ready(): boolean {
    return this.#ready;
  }

  of(session: string | undefined): Facts | null {
    return session === undefined ? null : (this.#facts.get(session) ?? null);
  }

  /**
   * Reads what `sessions` came to when they tell of news.
   * @param experiment the one whose sessions they are; null for sessions of all
   */
  async follow(sessions: readonly Session[], experiment: string | null, signal: AbortSignal): Promise<void> {
    if (!this.#isNews(sessions)) return;
    const query = {
      ...{ include: 'outcome', limit: PAGE_SIZE },
      ...(experiment === null ? {} : { experiment_id: experiment }),
    };
    const answer = await orNull(api.get<Page<SessionWithOutcome>>('/api/sessions', { signal, query }));
    if (signal.aborted || answer === null) return;
    this.#keepRead(sessions);
    this.#ready = true;
    for (const { id, outcome } of answer.items) if (outcome) this.#facts.set(id, outcome);
  }

  /**
   * Reads what the last session of every experiment came to, and the experiment's best score, all in one request,
   * when any of `sessions` tells of news.
   */
  async followLast(sessions: readonly Session[], signal: AbortSignal): Promise<void> {
    if (!this.#isNews(sessions)) return;
    const query = { include: 'last_session', limit: PAGE_SIZE };
    const answer = await orNull(api.get<Page<ExperimentWithLast>>('/api/experiments', { signal, query }));
    if (signal.aborted || answer === null) return;
    this.#keepRead(sessions);
    this.#ready = true;
    for (const { last } of answer.items) {
      if (last) this.#facts.set(last.id, { ...last, turns: { ...last.turns } });
    }
  }

  #isNews(sessions: readonly Session[]): boolean {
    return sessions.some((session) => isMoving(session) || this.#read.get(session.id) !== session.updated_at);
  }

  #keepRead(sessions: readonly Session[]): void {
    for (const { id, updated_at } of sessions) this.#read.set(id, updated_at);
  }
}

/** A fact that cannot be read is left out: the card is still right without it. */
const orNull = <T>(answer: Promise<T>): Promise<T | null> => answer.catch(() => null);
