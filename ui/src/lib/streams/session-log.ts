/**
 * Everything that a session's events tell, as the studio shows it. Plain and pure: the same events in any split into
 * pages and live ones give the same log.
 *
 * 1. An event is taken once: one with a number at or below the last is dropped.
 * 2. Listeners to changes are told once a microtask, however many events came (a hidden tab draws no frames, but
 *    still must not fall behind).
 * 3. Listeners to events get each event; one that comes late gets the charts and rich logs first, which only events
 * hold.
 */

import { runningStage } from '../../../../core/session-state.ts';
import type { SessionState, WaitingReason } from '../api/types.ts';
import { Conversation } from './conversation.ts';
import { FormerResults } from './former-results.ts';
import type { EventOf, LogEvent, Stage, TextDelta } from './log-event.ts';
import { NO_PROGRESS, type Progress, progressAfter } from './stage-progress.ts';

export interface Task {
  title: string;
  state: 'pending' | 'in_progress' | 'done';
}

export interface Waiting {
  reason: WaitingReason;
  /** when the next try is made, ISO */
  until: string | null;
  subject: string | null;
  /** when the wait began, ISO: over all tries */
  since: string;
  /** tries so far at a provider; 0 where nothing is tried */
  tries: number;
  /** the provider's own words */
  said: string | null;
  /** what holds it and what lets it go on */
  message: string | null;
  /** it stands where it was forked; nobody stopped it */
  forked: boolean;
}

export interface Report {
  stage: Stage;
  run: number;
  content: string;
  at: string;
}

/** A wait that ended, or one that goes on (`to` is null then). Times are milliseconds since 1970. */
export interface WaitSpan {
  reason: string;
  stage: Stage | null;
  run: number | null;
  from: number;
  to: number | null;
}

/** A message of the person that the server has not told of yet. */
export interface PendingMessage {
  id: string;
  text: string;
  /** the server's id of it, once known */
  message: string | null;
  problem: string | null;
}

/** Which tabs an event is news for. */
const NEWS: Partial<Record<LogEvent['type'], readonly string[]>> = {
  report_ready: ['report'],
  decisions: ['decisions'],
  rich_log: ['metrics'],
  chart_config: ['metrics'],
  metrics_batch: ['metrics'],
  file_created: ['files'],
  checkpoint: ['files'],
  files_ready: ['files', 'lineage'],
  tool_start: ['code', 'timeline'],
};
const REPLAYED: readonly LogEvent['type'][] = ['chart_config', 'rich_log'];
/** A script's decisions count once its step has ended. */
const DECISION_EVENTS: readonly LogEvent['type'][] = ['decisions', 'state_change', 'tool_end'];
const FILE_EVENTS: readonly LogEvent['type'][] = ['checkpoint', 'file_created', 'files_ready'];

export class SessionLog {
  readonly conversation = new Conversation();
  readonly results = new FormerResults();
  readonly reports: Report[] = [];
  readonly news = new Map<string, number>();
  readonly waits: WaitSpan[] = [];
  tasks: Task[] = [];
  state: SessionState | null = null;
  waiting: Waiting | null = null;
  progress: Progress = NO_PROGRESS;
  pending: readonly PendingMessage[] = [];
  /** counts changes of the session's files */
  filesVersion = 0;
  /** counts steps that began or ended */
  stepsVersion = 0;
  /** counts what may have changed the ledger of decisions */
  decisionsVersion = 0;
  #lastSeq = 0;
  #notifying = false;
  readonly #replayed: LogEvent[] = [];
  readonly #changeListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: LogEvent) => void>();

  get lastSeq(): number {
    return this.#lastSeq;
  }

  ingest(event: LogEvent): void {
    if (event.seq <= this.#lastSeq) return;
    this.#lastSeq = event.seq;
    this.conversation.ingest(event);
    this.results.take(event);
    this.progress = progressAfter(this.progress, event);
    this.#takeSession(event);
    for (const tab of newsOf(event)) this.news.set(tab, event.seq);
    if (REPLAYED.includes(event.type)) this.#replayed.push(event);
    if (FILE_EVENTS.includes(event.type)) this.filesVersion += 1;
    if (DECISION_EVENTS.includes(event.type)) this.decisionsVersion += 1;
    for (const listener of this.#eventListeners) listener(event);
    this.#notify();
  }

  /** Events up to `seq` are known, or of a kind that was not asked for. */
  skipTo(seq: number): void {
    this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  ingestDelta(delta: TextDelta): void {
    if (this.conversation.addDelta(delta)) this.#notify();
  }

  /** Shows a message before the server has taken it. */
  addPending(id: string, text: string): void {
    if (this.pending.some((each) => each.id === id)) return;
    this.pending = [...this.pending, { id, text, message: null, problem: null }];
    this.#notify();
  }

  /** The server's word on a pending message: its id, or why it did not take it. */
  settlePending(id: string, outcome: { message: string } | { problem: string }): void {
    const known = 'message' in outcome && this.conversation.get(outcome.message) !== null;
    this.pending = known
      ? this.pending.filter((each) => each.id !== id)
      : this.pending.map((each) => (each.id === id ? { ...each, ...outcome } : each));
    this.#notify();
  }

  /** It is sent again. */
  retryPending(id: string): void {
    this.pending = this.pending.map((each) => (each.id === id ? { ...each, problem: null } : each));
    this.#notify();
  }

  dropPending(id: string): void {
    this.pending = this.pending.filter((each) => each.id !== id);
    this.#notify();
  }

  setAnswer(...change: Parameters<Conversation['setAnswer']>): void {
    this.conversation.setAnswer(...change);
    this.#notify();
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onEvent(listener: (event: LogEvent) => void): () => void {
    for (const event of this.#replayed) listener(event);
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  #takeSession(event: LogEvent): void {
    if (event.type === 'tool_start' || event.type === 'tool_end') this.stepsVersion += 1;
    if (event.type === 'state_change') this.#takeState(event);
    if (event.type === 'waiting') this.#takeWait(event);
    if (event.type === 'tasks') this.tasks = event.data.items;
    if (event.type === 'report_ready') this.#takeReport(event);
    if (event.type === 'user_message') this.#takePending(event);
  }

  #takeState({ data: { state } }: EventOf<'state_change'>): void {
    this.state = state;
    this.waiting = null;
    if (runningStage(state) !== null) this.tasks = [];
  }

  #takeWait(event: EventOf<'waiting'>): void {
    const at = Date.parse(event.created_at);
    const open = this.waits.at(-1);
    if (open && open.to === null) this.waits[this.waits.length - 1] = { ...open, to: at };
    this.waiting = toWaiting(event);
    if (this.waiting === null) return;
    const { stage, run } = event;
    this.waits.push({ reason: this.waiting.reason, stage, run, from: at, to: null });
  }

  #takeReport({ data: { content }, stage, run, created_at }: EventOf<'report_ready'>): void {
    if (stage !== null) this.reports.push({ stage, run: run ?? 1, content, at: created_at });
  }

  /** Its event may come before the answer to its POST: then it is known by its text. */
  #takePending({ data }: EventOf<'user_message'>): void {
    const same =
      this.pending.find((each) => each.message === data.message) ??
      this.pending.find((each) => each.message === null && each.text === data.text);
    if (same) this.pending = this.pending.filter((each) => each !== same);
  }

  #notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      for (const listener of this.#changeListeners) listener();
    });
  }
}

function newsOf(event: LogEvent): readonly string[] {
  if (event.type === 'file_created' && /\.(png|svg|jpe?g)$/i.test(event.data.path))
    return ['files', 'figures'];
  if (event.type === 'state_change' && event.data.state === 'prep_done') return ['data'];
  if (event.type === 'state_change' && event.data.state === 'train_done') return ['model'];
  return NEWS[event.type] ?? [];
}

function toWaiting({ data, created_at }: EventOf<'waiting'>): Waiting | null {
  const { reason, until = null, subject = null, since = created_at } = data;
  const { tries = 0, said = null, message = null, forked = false } = data;
  return reason === null ? null : { reason, until, subject, since, tries, said, message, forked };
}
