/**
 * Changes of decisions as the page shows them: what a person has begun, what it would do, and sending it. Made in a
 * component's script.
 */

import { createSubscriber } from 'svelte/reactivity';
import { afterOutage } from '../../../lib/api/after-outage.ts';
import { ApiError, api } from '../../../lib/api/client.ts';
import type { ChangedDecisions } from '../../../lib/api/types.ts';
import { browserStorage } from '../../../lib/state/browser-storage.ts';
import { Resource } from '../../../lib/state/resource.svelte.ts';
import { toasts } from '../../../lib/state/toasts.svelte.ts';
import { type DecisionChange, PendingChanges } from './pending-changes.ts';

export type Way = 'fork' | 'rerun';

export class DecisionChanges {
  readonly #path: string;
  readonly #pending: PendingChanges;
  readonly #left = new AbortController();
  readonly #subscribe = createSubscriber((update) => {
    const onstorage = ({ key }: StorageEvent): void => this.#pending.stored(key);
    const stop = this.#pending.onChange(update);
    window.addEventListener('storage', onstorage);
    return () => {
      window.removeEventListener('storage', onstorage);
      stop();
    };
  });
  readonly #would: Resource<ChangedDecisions>;
  #busy = $state<Way | null>(null);
  #refused = $state.raw<Error | null>(null);

  /** @param ledger what the answer to "what would it do" depends on besides: it is asked again when it moves */
  constructor(session: string, ledger: () => unknown) {
    this.#path = `/api/sessions/${encodeURIComponent(session)}/decisions`;
    this.#pending = new PendingChanges(session, browserStorage());
    this.#would = new Resource((signal) => {
      void ledger();
      const changes = this.list;
      this.#refused = null;
      if (changes.length === 0) return null;
      const body = { changes: changes.map(asSent), how: 'rerun', dry_run: true };
      return api.post<ChangedDecisions>(this.#path, body, { signal, idempotencyKey: null });
    });
    $effect(() => () => this.#left.abort());
  }

  get list(): DecisionChange[] {
    this.#subscribe();
    return this.#pending.list;
  }
  of(key: string): DecisionChange | null {
    this.#subscribe();
    return this.#pending.of(key);
  }
  /** What they would do; null while that is not known, or where one of them is not possible. */
  get would(): ChangedDecisions | null {
    return this.list.length === 0 || this.error !== null ? null : (this.#would.value ?? null);
  }
  /** What they would do is being asked anew. */
  get asking(): boolean {
    return this.list.length > 0 && this.#would.loading;
  }
  get error(): Error | null {
    return this.list.length === 0 ? null : (this.#refused ?? this.#would.error);
  }
  /** How they are being sent. */
  get busy(): Way | null {
    return this.#busy;
  }
  /** Why the change of this key is not possible, and what is; null where it is possible, or that is not known. */
  refusalOf(key: string): string | null {
    const { error } = this;
    return error instanceof ApiError && error.details.key === key ? error.message : null;
  }

  set = (...changes: DecisionChange[]): void => this.#pending.set(changes);
  discard = (...keys: string[]): void => this.#pending.discard(keys);
  clear = (): void => this.#pending.clear();

  /** Sends what was begun. @returns null where it was refused: it stays, with the reason */
  async apply(how: Way): Promise<ChangedDecisions | null> {
    const sent = this.list;
    const done = await this.#send(how, sent);
    if (done) this.#pending.discard(sent.map(({ key }) => key));
    return done;
  }

  /** Gives back the values that were in force before; where there was none, it is the agent's again. */
  async undo({ changes }: ChangedDecisions): Promise<void> {
    const before = changes.map(
      ({ key, from }): DecisionChange =>
        from === null ? { key, value: null, withdraw: true } : { key, value: from },
    );
    if ((await this.#send('rerun', before)) === null && this.#refused) toasts.fail(this.#refused);
  }

  async #send(how: Way, changes: readonly DecisionChange[]): Promise<ChangedDecisions | null> {
    if (this.#busy !== null || changes.length === 0) return null;
    this.#busy = how;
    const idempotencyKey = crypto.randomUUID();
    const { signal } = this.#left;
    try {
      const body = { changes: changes.map(asSent), how };
      const post = () => api.post<ChangedDecisions>(this.#path, body, { idempotencyKey });
      const onwait = (): void =>
        void toasts.show('The platform does not answer. The changes are sent as soon as it does.', {
          tone: 'bad',
        });
      return await afterOutage(post, { signal, onwait });
    } catch (error) {
      this.#refused = error instanceof Error ? error : new Error(String(error));
      return null;
    } finally {
      this.#busy = null;
    }
  }
}

const asSent = ({ key, value, withdraw }: DecisionChange) => (withdraw ? { key, withdraw } : { key, value });
