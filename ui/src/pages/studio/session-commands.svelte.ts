/** What a person tells a session to do: shown at once, then as the server says. */

import { api } from '../../lib/api/client.ts';
import type { Limits, Stage } from '../../lib/api/types.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';
import type { SessionLogView } from '../../lib/streams/session-log-view.svelte.ts';

export class SessionCommands {
  readonly #view: SessionLogView;
  readonly #path: string;
  #busy = $state<string | null>(null);

  constructor(view: SessionLogView) {
    this.#view = view;
    this.#path = `/api/sessions/${encodeURIComponent(view.sessionId)}`;
  }

  /** Name of the command that is on its way. */
  get busy(): string | null {
    return this.#busy;
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

  async send(text: string): Promise<void> {
    const { log } = this.#view;
    const id = crypto.randomUUID();
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
    this.#busy = name;
    try {
      await api.post(`${this.#path}/${path}`, body);
      return true;
    } catch (error) {
      toasts.fail(error);
      return false;
    } finally {
      this.#busy = null;
    }
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
