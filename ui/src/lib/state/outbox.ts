/**
 * Messages to agents that the platform has not taken yet, kept in this browser until it has.
 *
 * 1. A message is kept before it is sent, and goes with its own Idempotency-Key: sent again after an outage, a reload
 *    or from another tab it is taken once.
 * 2. Messages of one session are sent in the order in which they were written, whatever page is open.
 * 3. One that the platform refuses stays, with the reason, until a person sends it again or discards it.
 */

import { afterOutage } from '../api/after-outage.ts';
import { api } from '../api/client.ts';
import { browserStorage } from './browser-storage.ts';

export interface OutMessage {
  /** Its Idempotency-Key. */
  id: string;
  session: string;
  text: string;
}

/** The platform's word on a message: its id there, or why it was not taken. */
export type Outcome = { message: string } | { problem: string };

export interface OutboxOptions {
  deliver: (message: OutMessage, signal: AbortSignal) => Promise<{ message: string }>;
  /** Where messages are kept; null where there is no such place, and they last as long as the page. */
  storage: Pick<Storage, 'getItem' | 'setItem'> | null;
}

const KEY = 'tempera.outbox';

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #listeners = new Map<string, Set<(id: string, outcome: Outcome) => void>>();
  readonly #under = new Set<string>();
  /** By session: what its next message waits for. */
  readonly #turns = new Map<string, Promise<void>>();
  #messages: OutMessage[] = [];
  #stop = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#messages = this.#read();
  }

  /** Sends what was kept, until the returned function is called. */
  start(): () => void {
    this.#stop = new AbortController();
    this.#messages = this.#read();
    for (const message of this.#messages) this.#send(message);
    return () => this.#stop.abort();
  }

  /** What the platform has not taken of a session's messages, oldest first. */
  of(session: string): readonly OutMessage[] {
    return this.#messages.filter((each) => each.session === session);
  }

  /** Calls `listener` with the platform's word on each message of a session. Returns what ends it. */
  listen(session: string, listener: (id: string, outcome: Outcome) => void): () => void {
    const listeners = this.#listeners.get(session) ?? new Set();
    this.#listeners.set(session, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Keeps a message and sends it. */
  add(message: OutMessage): void {
    this.#change((stored) => [...stored, message]);
    this.#send(message);
  }

  /** Sends one again that was refused. */
  retry(id: string): void {
    const message = this.#messages.find((each) => each.id === id);
    if (message) this.#send(message);
  }

  discard(id: string): void {
    this.#change((stored) => stored.filter((each) => each.id !== id));
  }

  #send(message: OutMessage): void {
    if (this.#under.has(message.id)) return;
    this.#under.add(message.id);
    const before = this.#turns.get(message.session) ?? Promise.resolve();
    this.#turns.set(
      message.session,
      before.then(() => this.#deliver(message)).finally(() => this.#under.delete(message.id)),
    );
  }

  async #deliver(message: OutMessage): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted || !this.#messages.some(({ id }) => id === message.id)) return;
    try {
      const taken = await this.#options.deliver(message, signal);
      this.discard(message.id);
      this.#tell(message, taken);
    } catch (error) {
      // the page goes: what is kept is sent by the next one
      if (!signal.aborted)
        this.#tell(message, { problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #tell({ id, session }: OutMessage, outcome: Outcome): void {
    for (const listener of this.#listeners.get(session) ?? []) listener(id, outcome);
  }

  /** Other tabs keep theirs in the same place: it is read before it is written. */
  #change(change: (stored: OutMessage[]) => OutMessage[]): void {
    this.#messages = change(this.#messages);
    try {
      this.#options.storage?.setItem(KEY, JSON.stringify(change(this.#read())));
    } catch {
      // storage is switched off or full: the message lasts as long as the page
    }
  }

  #read(): OutMessage[] {
    try {
      const stored: unknown = JSON.parse(this.#options.storage?.getItem(KEY) ?? '[]');
      return Array.isArray(stored) ? stored.filter(isMessage) : [];
    } catch {
      return []; // storage is switched off, or holds what is none of ours
    }
  }
}

const isMessage = (value: unknown): value is OutMessage =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'session', 'text'].every((name) => typeof Reflect.get(value, name) === 'string');

/** The one outbox of this tab. */
export const outbox = new Outbox({
  deliver: ({ id, session, text }, signal) =>
    afterOutage(
      () =>
        api.post<{ message: string }>(
          `/api/sessions/${encodeURIComponent(session)}/messages`,
          { text },
          { idempotencyKey: id },
        ),
      { signal, onwait: () => undefined },
    ),
  storage: browserStorage(),
});
