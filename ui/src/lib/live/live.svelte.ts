/**
 * Experiments and sessions of the caller, kept fresh for every page: the gallery draws them, the top bar counts them.
 *
 * 1. The event connection, which all tabs share, says what changed: a session that is known takes its place; for one
 *    that comes or goes the lists are read again. Either is drawn at most once in `COALESCE`.
 * 2. Without that stream (or while it is away) the lists are polled: often while something runs, else seldom.
 * 3. While the platform does not answer it is asked every two seconds.
 * 4. Where the platform says that it is asked too often, it is asked when it says.
 * 5. A window that is not seen asks nothing and catches up when it is seen again.
 */

import { SvelteSet } from 'svelte/reactivity';
import { api, onReachability, onRestored, waitOf } from '../api/client.ts';
import type { ListedExperiment, Page, Session } from '../api/types.ts';
import { isOutage } from '../state/resource.svelte.ts';
import { feed, startFeed } from '../streams/feed.ts';
import type { Change } from '../streams/stream-messages.ts';
import { isOutOfDate } from './list-changes.ts';
import { isWorking, needsPerson } from './stage-states.ts';

const BUSY_POLL_MS = 3_000;
const CALM_POLL_MS = 12_000;
const STREAMED_POLL_MS = 60_000;
/** While nothing answers: the banner over all pages goes with the first answer. */
const LOST_POLL_MS = 2_000;
const COALESCE_MS = 400;
const PAGE_SIZE = 200;

class Live {
  #experiments = $state.raw<readonly ListedExperiment[] | null>(null);
  #sessions = $state.raw<readonly Session[] | null>(null);
  #error = $state.raw<Error | null>(null);
  #streamed = false;
  #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  /** Sessions that changed; null for one that is gone. */
  readonly #changes = new Map<string, Session | null>();
  #reading: Promise<void> | null = null;

  readonly #hidden = new SvelteSet<string>();
  readonly #shown = $derived(this.#experiments?.filter((each) => !this.#hidden.has(each.id)) ?? null);
  readonly #byExperiment = $derived.by(() => {
    const found = new Map<string, Session[]>();
    for (const session of this.#sessions ?? []) {
      const known = found.get(session.experiment_id);
      if (known) known.push(session);
      else found.set(session.experiment_id, [session]);
    }
    return found;
  });
  readonly #running = $derived((this.#sessions ?? []).filter(isWorking));
  readonly #needing = $derived((this.#sessions ?? []).filter(needsPerson));

  /** Newest first; null until they are known. */
  get experiments(): readonly ListedExperiment[] | null {
    return this.#shown;
  }
  get sessions(): readonly Session[] | null {
    return this.#sessions;
  }
  /** Why the last reading failed; the lists stay as they were. */
  get error(): Error | null {
    return this.#error;
  }
  get running(): readonly Session[] {
    return this.#running;
  }
  /** Sessions in which a person is asked. */
  get needing(): readonly Session[] {
    return this.#needing;
  }

  /** An experiment's sessions, newest first. */
  sessionsOf(experiment: string): readonly Session[] {
    return this.#byExperiment.get(experiment) ?? [];
  }
  experiment(id: string): ListedExperiment | undefined {
    return this.#experiments?.find((each) => each.id === id);
  }
  /** What a session is called: its experiment's name. */
  nameOf(session: Pick<Session, 'experiment_id'>): string {
    return this.experiment(session.experiment_id)?.name ?? 'Session';
  }

  /** Follows the platform until the returned function is called. */
  start(): () => void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener('visibilitychange', () => !document.hidden && void this.refresh(), { signal });
    window.addEventListener('online', () => void this.refresh(), { signal });
    const stops = [
      startFeed(),
      onRestored(() => this.#plan(0)),
      this.#watch(),
      feed.watch(
        (change) => this.#take(change),
        (status) => {
          this.#streamed = status === 'live';
          // who one is may have ended: the lists say so
          if (status === 'refused') this.#plan(0);
        },
      ),
    ];
    void this.refresh();
    return () => {
      for (const stop of stops) stop();
      this.#stop.abort();
      clearTimeout(this.#timer);
      clearTimeout(this.#gathering);
    };
  }

  /** Changes are gathered: a session at work tells of itself several times a second. */
  #take({ type, data }: Change): void {
    const id = typeof data === 'object' && data !== null && 'id' in data ? String(data.id) : null;
    if (id === null || (type !== 'session' && type !== 'removed')) return;
    // the boundary where a session gets the type that the API's document gives it
    this.#changes.set(id, type === 'session' ? (data as Session) : null);
    this.#gathering ??= setTimeout(() => this.#apply(), COALESCE_MS);
  }

  #apply(): void {
    this.#gathering = undefined;
    if (this.#sessions === null) return; // applied to what is being read
    const changes = new Map(this.#changes);
    this.#changes.clear();
    if (isOutOfDate(changes, this.#sessions, PAGE_SIZE)) this.#plan(0);
    this.#sessions = this.#sessions.map((session) => changes.get(session.id) ?? session);
  }

  /** A request of whatever page that got no answer is reason to ask soon whether the platform is there. */
  #watch(): () => void {
    let reachable = true;
    return onReachability((now) => {
      if (reachable && !now) this.#plan(LOST_POLL_MS);
      reachable = now;
    });
  }

  /** Reads both lists now; one reading at a time. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
      this.#plan();
    });
    return this.#reading;
  }

  /** Takes an experiment out of sight before the platform has deleted it. */
  hide(experiment: string): void {
    this.#hidden.add(experiment);
  }
  /** Shows it again. */
  restore(experiment: string): void {
    this.#hidden.delete(experiment);
  }

  async #read(): Promise<void> {
    const { signal } = this.#stop;
    const query = { limit: PAGE_SIZE };
    try {
      const [experiments, sessions] = await Promise.all([
        api.get<Page<ListedExperiment>>('/api/experiments', { signal, query }),
        api.get<Page<Session>>('/api/sessions', { signal, query }),
      ]);
      if (signal.aborted) return;
      this.#experiments = experiments.items;
      this.#sessions = sessions.items;
      if (this.#changes.size > 0) this.#gathering ??= setTimeout(() => this.#apply(), COALESCE_MS);
      this.#error = null;
    } catch (error) {
      if (!signal.aborted) this.#error = error instanceof Error ? error : new Error(String(error));
    }
  }

  #plan(milliseconds = this.#pause()): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      if (document.hidden) this.#plan();
      else void this.refresh();
    }, milliseconds);
  }

  #pause(): number {
    if (isOutage(this.#error)) return LOST_POLL_MS;
    const wait = waitOf(this.#error);
    if (wait !== null) return wait;
    if (this.#streamed) return STREAMED_POLL_MS;
    return this.#running.length > 0 ? BUSY_POLL_MS : CALM_POLL_MS;
  }
}

export const live = new Live();
