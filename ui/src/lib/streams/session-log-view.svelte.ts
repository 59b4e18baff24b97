/**
 * A session's log for components: one version number that moves when the log has changed, read through getters.
 * It loads what is stored in pages, then follows the live stream that all tabs share.
 */

import { api, onRestored } from '../api/client.ts';
import type { SessionState } from '../api/types.ts';
import { isOutage } from '../state/resource.svelte.ts';
import type { AskItem, ConversationItem } from './conversation-item.ts';
import type { StreamStatus } from './event-stream.ts';
import { feed } from './feed.ts';
import type { KeptResult } from './kept-results.ts';
import type { LogEvent, Stage } from './log-event.ts';
import {
  type PendingMessage,
  type Report,
  SessionLog,
  type Task,
  type Waiting,
  type WaitSpan,
} from './session-log.ts';
import type { Progress } from './stage-progress.ts';

const PAGE = 1_000;

interface EventPage {
  items: LogEvent[];
  /** up to which the stream is told by them */
  last_seq: number;
}

export class SessionLogView {
  readonly sessionId: string;
  readonly log = new SessionLog();
  #version = $state(0);
  #status = $state<StreamStatus | 'loading' | 'failed'>('loading');
  #error = $state.raw<Error | null>(null);
  #loaded = $state(false);
  #signal = new AbortController().signal;
  // what is asked of the platform anew when these move must not be asked with every other change of the log
  readonly #filesVersion = $derived.by(() => {
    void this.#version;
    return this.log.filesVersion;
  });
  readonly #stepsVersion = $derived.by(() => {
    void this.#version;
    return this.log.stepsVersion;
  });

  constructor(sessionId: string) {
    this.sessionId = sessionId;
    this.log.onChange(() => {
      this.#version += 1;
    });
  }

  /** Moves with every change; reading it is what makes a component follow the log. */
  get version(): number {
    return this.#version;
  }
  get status(): StreamStatus | 'loading' | 'failed' {
    return this.#status;
  }
  get error(): Error | null {
    return this.#error;
  }
  /** What was stored when the page opened is there. */
  get loaded(): boolean {
    return this.#loaded;
  }
  get items(): readonly ConversationItem[] {
    void this.#version;
    return this.log.conversation.items;
  }
  get openAsk(): AskItem | null {
    void this.#version;
    return this.log.conversation.openAsk;
  }
  get pending(): readonly PendingMessage[] {
    void this.#version;
    return this.log.pending;
  }
  get state(): SessionState | null {
    void this.#version;
    return this.log.state;
  }
  get waiting(): Waiting | null {
    void this.#version;
    return this.log.waiting;
  }
  get progress(): Progress {
    void this.#version;
    return this.log.progress;
  }
  get tasks(): readonly Task[] {
    void this.#version;
    return this.log.tasks;
  }
  get reports(): readonly Report[] {
    void this.#version;
    return this.log.reports.slice();
  }
  get waits(): readonly WaitSpan[] {
    void this.#version;
    return this.log.waits.slice();
  }
  /** What a stage's last finished run left, where the workspace does not hold it any more. */
  former(stage: Stage): KeptResult | null {
    void this.#version;
    return this.log.results.former(this.log.progress[stage]);
  }
  get filesVersion(): number {
    return this.#filesVersion;
  }
  get stepsVersion(): number {
    return this.#stepsVersion;
  }
  /** Number of the last event that is news for a tab; 0 for none. */
  news(tab: string): number {
    void this.#version;
    return this.log.news.get(tab) ?? 0;
  }
  /** The item at a place; it is another object when it has changed. */
  at(place: number): ConversationItem | null {
    void this.#version;
    return this.log.conversation.items[place] ?? null;
  }
  item(id: string): ConversationItem | null {
    void this.#version;
    return this.log.conversation.get(id);
  }

  /** Each event from now on, after the charts and rich logs so far. Returns what ends it. */
  onEvent(listener: (event: LogEvent) => void): () => void {
    return this.log.onEvent(listener);
  }

  /** Loads and follows until the returned function is called. */
  start(): () => void {
    const controller = new AbortController();
    const { signal } = controller;
    void this.#follow(signal);
    const stop = onRestored(() => {
      if (this.#status === 'failed' && isOutage(this.#error)) void this.#follow(signal);
    });
    return () => {
      stop();
      controller.abort();
    };
  }

  /** Loads what could not be loaded. */
  retry(): void {
    if (this.#status === 'failed') void this.#follow(this.#signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    this.#status = 'loading';
    this.#error = null;
    try {
      await this.#load(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#error = error instanceof Error ? error : new Error(String(error));
      this.#status = 'failed';
      return;
    }
    if (signal.aborted) return;
    this.#loaded = true;
    const { log } = this;
    const stop = feed.follow(this.sessionId, {
      after: log.lastSeq,
      onEvent: (event) => log.ingest(event),
      onDelta: (delta) => log.ingestDelta(delta),
      // nothing that this page shows is known to be there any more
      onReset: () => window.location.reload(),
      onStatus: (status) => {
        this.#status = status;
      },
    });
    signal.addEventListener('abort', stop, { once: true });
  }

  async #load(signal: AbortSignal): Promise<void> {
    for (;;) {
      // points are read with the charts that draw them; of a long run they are most of what is stored
      const query = { after: this.log.lastSeq, limit: PAGE, except: 'metrics_batch' };
      const { items, last_seq } = await api.get<EventPage>(`${this.#path}/events`, { query, signal });
      if (signal.aborted) return;
      for (const event of items) this.log.ingest(event);
      this.log.skipTo(last_seq);
      if (items.length < PAGE) return;
    }
  }

  get #path(): string {
    return `/api/sessions/${encodeURIComponent(this.sessionId)}`;
  }
}
