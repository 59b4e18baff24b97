/**
 * A session's log for components: whatever reads a getter is run again when the log has changed. It loads what is
 * stored in pages, then follows the live stream that all tabs share.
 */

import { createSubscriber } from 'svelte/reactivity';
import { LOG_PAGE, logPath } from '../../../../core/log-pages.ts';
import { api, onRestored } from '../api/client.ts';
import type { SessionState } from '../api/types.ts';
import { isOutage } from '../state/resource.svelte.ts';
import type { AskItem, ConversationItem } from './conversation-item.ts';
import type { StreamStatus } from './event-stream.ts';
import { feed } from './feed.ts';
import type { FormerResult } from './former-results.ts';
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

interface EventPage {
  items: LogEvent[];
  /** up to which the stream is told by them */
  last_seq: number;
}

export class SessionLogView {
  readonly sessionId: string;
  readonly log = new SessionLog();
  readonly #subscribe = createSubscriber((update) => this.log.onChange(update));
  #status = $state<StreamStatus | 'loading' | 'failed'>('loading');
  #error = $state.raw<Error | null>(null);
  #loaded = $state(false);
  #signal = new AbortController().signal;
  // what is asked of the platform anew when these move must not be asked with every other change of the log
  readonly #filesVersion = $derived(this.#followed.filesVersion);
  readonly #stepsVersion = $derived(this.#followed.stepsVersion);
  readonly #decisionsVersion = $derived(this.#followed.decisionsVersion);

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  /** The log; reading it is what makes a component follow it. */
  get #followed(): SessionLog {
    this.#subscribe();
    return this.log;
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
    return this.#followed.conversation.items;
  }
  get openAsk(): AskItem | null {
    return this.#followed.conversation.openAsk;
  }
  get pending(): readonly PendingMessage[] {
    return this.#followed.pending;
  }
  get state(): SessionState | null {
    return this.#followed.state;
  }
  get waiting(): Waiting | null {
    return this.#followed.waiting;
  }
  get progress(): Progress {
    return this.#followed.progress;
  }
  get tasks(): readonly Task[] {
    return this.#followed.tasks;
  }
  get reports(): readonly Report[] {
    return this.#followed.reports.slice();
  }
  get waits(): readonly WaitSpan[] {
    return this.#followed.waits.slice();
  }
  /** What a stage's last finished run left, where the workspace does not hold it any more. */
  former(stage: Stage): FormerResult | null {
    const { results, progress } = this.#followed;
    return results.former(progress[stage]);
  }
  get filesVersion(): number {
    return this.#filesVersion;
  }
  get stepsVersion(): number {
    return this.#stepsVersion;
  }
  get decisionsVersion(): number {
    return this.#decisionsVersion;
  }
  /** Number of the last event that is news for a tab; 0 for none. */
  news(tab: string): number {
    return this.#followed.news.get(tab) ?? 0;
  }
  /** The item at a place; it is another object when it has changed. */
  at(place: number): ConversationItem | null {
    return this.#followed.conversation.items[place] ?? null;
  }
  item(id: string): ConversationItem | null {
    return this.#followed.conversation.get(id);
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
      const path = logPath(this.sessionId, this.log.lastSeq);
      const { items, last_seq } = await api.get<EventPage>(path, { signal });
      if (signal.aborted) return;
      for (const event of items) this.log.ingest(event);
      this.log.skipTo(last_seq);
      if (items.length < LOG_PAGE) return;
    }
  }
}
