/** What a person tells a session to do: shown at once, then as the server says. */

import { afterOutage } from '../../lib/api/after-outage.ts';
import { api } from '../../lib/api/client.ts';
import type { Limits, Stage } from '../../lib/api/types.ts';
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
      return (await api.post<{ id: string }>(`${this.#path}/fork`, { step })).id;
    } catch (error) {
      toasts.fail(error);
      return null;
    }
  }

  /** @param id of a message that is sent again: the platform takes it once, also where its first answer was lost */
  async send(text: string, id: string = crypto.randomUUID()): Promise<void> {
    const { log } = this.#view;
    log.addPending(id, text);
    try {
      const { message } = await api.post<{ message: string }>(
        `${this.#path}/messages`,
        { text },
        { idempotencyKey: id },
      );
      log.settlePending(id, { message });
    } catch (error) {
      log.settlePending(id, { problem: sentence(error) });
    }
  }

  async answer(question: string, text: string): Promise<void> {
    await this.#reply(question, text, `answers/${encodeURIComponent(question)}`, { text });
  }

  async decide(approval: string, approved: boolean, note: string): Promise<void> {
    const words = `${approved ? 'Approved' : 'Not approved'}${note ? `: ${note}` : ''}`;
    const body = { approved, ...(note ? { note } : {}) };
    await this.#reply(approval, words, `approvals/${encodeURIComponent(approval)}`, body);
  }

  async #reply(id: string, answer: string, path: string, body: object): Promise<void> {
    const { log } = this.#view;
    log.setAnswer(id, { state: 'sending', answer, problem: null });
    try {
      await api.post(`${this.#path}/${path}`, body);
      log.setAnswer(id, { state: 'answered', answer, problem: null });
    } catch (error) {
      log.setAnswer(id, { state: 'open', answer: null, problem: sentence(error) });
    }
  }

  async #command(name: string, path: string, body: object = {}): Promise<boolean> {
    if (this.#busy !== null) return false;
    this.#busy = name;
    const idempotencyKey = crypto.randomUUID();
    try {
      await afterOutage(() => api.post(`${this.#path}/${path}`, body, { idempotencyKey }), {
        signal: this.#left.signal,
        onwait: () =>
          toasts.show(
            'The platform does not answer. This is sent again by itself as soon as it does, while this page is open.',
            { tone: 'bad' },
          ),
      });
      return true;
    } catch (error) {
      if (!this.#left.signal.aborted) toasts.fail(error);
      return false;
    } finally {
      this.#busy = null;
    }
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
