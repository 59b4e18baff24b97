/** What a person tells a session to do: shown at once, then as the server says. */

import { afterOutage } from '../../lib/api/after-outage.ts';
import { api } from '../../lib/api/client.ts';
import type { Limits, Stage } from '../../lib/api/types.ts';
import { outbox } from '../../lib/state/outbox.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';
import type { SessionLogView } from '../../lib/streams/session-log-view.svelte.ts';

export class SessionCommands {
  readonly #view: SessionLogView;
  readonly #path: string;
  readonly #left = new AbortController();
  #busy = $state<string | null>(null);

  constructor(view: SessionLogView) {
    this.#view = view;
    this.#path = `/api/sessions/${encodeURIComponent(view.sessionId)}`;
  }

  /** Name of the command that is on its way. */
  get busy(): string | null {
    return this.#busy;
  }

  /** The page is left: what the platform has not taken yet is not sent again. */
  stop(): void {
    this.#left.abort();
  }

  start = (stage: Stage): Promise<boolean> => this.#command(`start ${stage}`, `stages/${stage}/start`);
  cancel = (): Promise<boolean> => this.#command('cancel', 'cancel');
  resume = (): Promise<boolean> => this.#command('resume', 'resume');
  stopAfterStep = (): Promise<boolean> => this.#command('stop', 'stop-after-step');
  setLimits = (limits: Partial<Limits>): Promise<boolean> => this.#command('limits', 'limits', limits);

  /** Makes a session that begins with what `step` left. @returns its id, or null when it was refused */
  async fork(step: string): Promise<string | null> {
    try {
      return (await this.#post<{ id: string }>('fork', { step })).id;
    } catch (error) {
      if (!this.#left.signal.aborted) toasts.fail(error);
      return null;
    }
  }

  /** A message is kept until the platform has taken it, also where it does not answer now. */
  send(text: string): void {
    const { log, sessionId } = this.#view;
    const id = crypto.randomUUID();
    log.addPending(id, text);
    outbox.add({ id, session: sessionId, text });
  }

  /** Sends one again that was refused. */
  sendAgain(id: string): void {
    this.#view.log.retryPending(id);
    outbox.retry(id);
  }

  discard(id: string): void {
    this.#view.log.dropPending(id);
    outbox.discard(id);
  }

  /** Shows what was written before and is not taken yet. Returns what ends it. */
  followOutbox(): () => void {
    const { log, sessionId } = this.#view;
    for (const { id, text } of outbox.of(sessionId)) log.addPending(id, text);
    return outbox.listen(sessionId, (id, outcome) => log.settlePending(id, outcome));
  }

  /** @returns whether it was taken, as of each reply */
  async answer(question: string, text: string): Promise<boolean> {
    const path = `answers/${encodeURIComponent(question)}`;
    return await this.#reply(question, text, { path, body: { text } });
  }

  async decide(approval: string, approved: boolean, note: string): Promise<boolean> {
    const words = `${approved ? 'Approved' : 'Not approved'}${note ? `: ${note}` : ''}`;
    const body = { approved, ...(note ? { note } : {}) };
    const path = `approvals/${encodeURIComponent(approval)}`;
    return await this.#reply(approval, words, { path, body });
  }

  async #reply(id: string, answer: string, { path, body }: { path: string; body: object }): Promise<boolean> {
    const { log } = this.#view;
    log.setAnswer(id, { state: 'sending', answer, problem: null });
    try {
      await this.#post(path, body);
      log.setAnswer(id, { state: 'answered', answer, problem: null });
      return true;
    } catch (error) {
      log.setAnswer(id, { state: 'open', answer: null, problem: sentence(error) });
      return false;
    }
  }

  async #command(name: string, path: string, body: object = {}): Promise<boolean> {
    if (this.#busy !== null) return false;
    this.#busy = name;
    try {
      await this.#post(path, body);
      return true;
    } catch (error) {
      if (!this.#left.signal.aborted) toasts.fail(error);
      return false;
    } finally {
      this.#busy = null;
    }
  }

  /** With one key for all its tries: what was given while the platform is away is carried out once. */
  async #post<T>(path: string, body: object): Promise<T> {
    const idempotencyKey = crypto.randomUUID();
    return await afterOutage(() => api.post<T>(`${this.#path}/${path}`, body, { idempotencyKey }), {
      signal: this.#left.signal,
      onwait: () =>
        toasts.show(
          'The platform does not answer. This is sent again by itself as soon as it does, while this page is open.',
          { tone: 'bad' },
        ),
    });
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
