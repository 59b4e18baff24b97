/**
 * A session's conversation, built from its events in order. It owns the items and their order:
 * 1. items are replaced, never changed; an item keeps its place;
 * 2. text that is being written stands last and becomes the final message in place;
 * 3. an event about a step that is not known changes nothing.
 */

import {
  type AskItem,
  type ConversationItem,
  capture,
  NOTHING_CAPTURED,
  type ToolItem,
} from './conversation-item.ts';
import type { LogEvent, TextDelta } from './log-event.ts';
import { MessageText } from './message-text.ts';

type Change<T> = Partial<Omit<T, 'kind' | 'id'>>;

export class Conversation {
  readonly #items: ConversationItem[] = [];
  readonly #places = new Map<string, number>();
  readonly #writing = new Map<string, MessageText>();
  readonly #complete = new Set<string>();
  #openAsk: string | null = null;
  readonly #takers: Readonly<Record<string, (event: LogEvent) => void>> = {
    agent_message: (event) => this.#endMessage(event),
    user_message: (event) => {
      this.#add({ ...placed(event, event.data.message), kind: 'user', text: words(event.data.text) });
    },
    tool_start: (event) => this.#startTool(event),
    code_output: (event) => this.#addOutput(event),
    attempt_started: ({ data }) => this.#startAttempt(words(data.step_id), data.execution),
    tool_end: (event) => this.#endTool(event),
    file_created: ({ data }) => this.#addFile(words(data.path)),
    checkpoint: (event) => this.#addCheckpoint(event),
    question: (event) => this.#ask(event),
    approval: (event) => this.#ask(event),
    waiting: (event) => this.#settleAsk(event),
  };

  get items(): readonly ConversationItem[] {
    return this.#items;
  }

  get(id: string): ConversationItem | null {
    return this.#items[this.#places.get(id) ?? -1] ?? null;
  }

  /** The question or approval that waits for a person. */
  get openAsk(): AskItem | null {
    const item = this.#openAsk === null ? null : this.get(this.#openAsk);
    return item?.kind === 'question' || item?.kind === 'approval' ? item : null;
  }

  /** @returns true when something changed */
  addDelta(delta: TextDelta): boolean {
    if (this.#complete.has(delta.message)) return false;
    const text = this.#writing.get(delta.message) ?? new MessageText();
    this.#writing.set(delta.message, text);
    if (!text.add(delta)) return false;
    const written = { text: text.text, streaming: true };
    if (!this.#change(delta.message, 'agent', written)) {
      this.#add({ kind: 'agent', id: delta.message, seq: 0, stage: null, run: null, at: '', ...written });
    }
    return true;
  }

  ingest(event: LogEvent): void {
    const take = this.#takers[event.type];
    if (take) take(event);
    else this.#addOther(event);
  }

  /** A person's answer on its way; `problem` says why the server did not take it. */
  setAnswer(
    id: string,
    change: { state: AskItem['state']; answer: string | null; problem: string | null },
  ): void {
    const item = this.get(id);
    if (item?.kind === 'question' || item?.kind === 'approval') this.#change(id, item.kind, change);
  }

  #endMessage(event: LogEvent): void {
    const id = words(event.data.message);
    this.#complete.add(id);
    this.#writing.delete(id);
    const final = { ...placed(event, id), text: words(event.data.text), streaming: false };
    if (!this.#change(id, 'agent', final)) this.#add({ ...final, kind: 'agent' });
  }

  #startTool(event: LogEvent): void {
    const { data } = event;
    const { step, input } = data;
    this.#add({
      ...placed(event, step),
      kind: 'tool',
      tool: words(data.tool),
      title: words(data.title),
      input: typeof input === 'object' && input !== null ? { ...input } : {},
      state: 'running',
      execution: 1,
      stdout: NOTHING_CAPTURED,
      stderr: NOTHING_CAPTURED,
      result: '',
      durationMs: null,
      files: [],
      checkpoint: null,
    });
  }

  /** A later attempt runs the script from its beginning: what the one before it printed goes. */
  #startAttempt(step: string, execution: unknown): void {
    const item = this.#tool(step);
    if (item === null || typeof execution !== 'number' || execution <= item.execution) return;
    const fresh = { stdout: NOTHING_CAPTURED, stderr: NOTHING_CAPTURED, files: [] };
    this.#change(step, 'tool', { execution, ...fresh });
  }

  #addOutput({ data }: LogEvent): void {
    const step = words(data.step);
    this.#startAttempt(step, data.execution);
    const item = this.#tool(step);
    if (item === null || (typeof data.execution === 'number' && data.execution < item.execution)) return;
    const stream = data.stream === 'stderr' ? 'stderr' : 'stdout';
    this.#change(step, 'tool', { [stream]: capture(item[stream], words(data.text)) });
  }

  #endTool({ data }: LogEvent): void {
    const { duration_ms } = data;
    this.#change(words(data.step), 'tool', {
      state: data.ok === true ? 'done' : 'failed',
      result: words(data.output),
      durationMs: typeof duration_ms === 'number' ? duration_ms : null,
    });
  }

  /** Files are told without their step: they belong to the script that ran last. */
  #addFile(path: string): void {
    const item = this.#items.findLast((each) => each.kind === 'tool' && each.tool === 'execute_code');
    if (item?.kind === 'tool' && !item.files.includes(path)) {
      this.#change(item.id, 'tool', { files: [...item.files, path] });
    }
  }

  #addCheckpoint({ data }: LogEvent): void {
    const { checkpoint, files, bytes } = data;
    if (typeof files !== 'number' || typeof bytes !== 'number') return;
    this.#change(words(data.step), 'tool', { checkpoint: { id: words(checkpoint), files, bytes } });
  }

  #ask(event: LogEvent): void {
    const { data } = event;
    const open = { ...placed(event, data.id), state: 'open' as const, answer: null, problem: null };
    const choices = Array.isArray(data.choices) ? data.choices.map(words) : [];
    if (event.type === 'approval') this.#add({ ...open, kind: 'approval', text: words(data.action) });
    else this.#add({ ...open, kind: 'question', text: words(data.text), choices });
    this.#openAsk = open.id;
  }

  /** A wait that ends, or another one, closes the open question: nothing else tells of its answer. */
  #settleAsk({ data }: LogEvent): void {
    const ask = this.openAsk;
    if (ask === null || data.reason === 'question' || data.reason === 'approval') return;
    if (data.reason === null)
      this.setAnswer(ask.id, { state: 'answered', answer: ask.answer, problem: null });
    if (data.reason === null) this.#openAsk = null;
  }

  #closeAsk(): void {
    const ask = this.openAsk;
    if (ask !== null) this.setAnswer(ask.id, { state: 'closed', answer: ask.answer, problem: null });
    this.#openAsk = null;
  }

  #addOther(event: LogEvent): void {
    const item = otherItem(event);
    if (item === null) return;
    if (item.kind === 'boundary' && item.state !== 'running') this.#endStage(item.state);
    this.#add(item);
  }

  /** What was being done when a stage ended early is over. */
  #endStage(state: string): void {
    this.#closeAsk();
    if (state === 'done') return;
    for (const item of this.#items.slice(-50)) {
      if (item.kind === 'tool' && item.state === 'running')
        this.#change(item.id, 'tool', { state: 'failed' });
      if (item.kind === 'agent' && item.streaming) this.#change(item.id, 'agent', { streaming: false });
    }
  }

  #tool(id: string): ToolItem | null {
    const item = this.get(id);
    return item?.kind === 'tool' ? item : null;
  }

  #add(item: ConversationItem): void {
    if (this.#places.has(item.id)) return;
    this.#places.set(item.id, this.#items.length);
    this.#items.push(item);
  }

  #change<K extends ConversationItem['kind']>(
    id: string,
    kind: K,
    change: Change<Extract<ConversationItem, { kind: K }>>,
  ): boolean {
    const place = this.#places.get(id);
    const item = this.#items[place ?? -1];
    if (place === undefined || item?.kind !== kind) return false;
    this.#items[place] = { ...item, ...change };
    return true;
  }
}

function otherItem(event: LogEvent): ConversationItem | null {
  const { type, data, seq } = event;
  const at = placed(event, `${type}/${seq}`);
  switch (type) {
    case 'validation_result':
      return {
        ...at,
        kind: 'validation',
        passed: list(data.passed),
        warnings: list(data.warnings),
        errors: list(data.errors),
      };
    case 'state_change':
      return boundary(event);
    case 'follow_up':
      return { ...at, kind: 'boundary', text: `Follow-up ${String(data.n)}`, state: endState(data.state) };
    case 'limit_reached':
      return { ...at, kind: 'notice', tone: 'attention', code: words(data.limit), text: words(data.message) };
    case 'error':
      return { ...at, kind: 'notice', tone: 'error', code: words(data.code), text: words(data.message) };
    case 'stale': {
      const text = `Made before this run and kept, but out of date now: ${list(data.stages).join(', ')}.`;
      return { ...at, kind: 'notice', tone: 'plain', code: '', text };
    }
    default:
      return null;
  }
}

const STAGE_TITLES: Record<string, string> = { eda: 'EDA', prep: 'Prep', train: 'Train' };

function boundary(event: LogEvent): ConversationItem | null {
  const state = words(event.data.state);
  const at = placed(event, `state_change/${event.seq}`);
  if (state === 'failed' || state === 'cancelled') {
    const stage = STAGE_TITLES[event.stage ?? ''] ?? 'Session';
    return { ...at, kind: 'boundary', text: `${stage} ${state}`, state };
  }
  const [name = '', change] = state.split('_');
  const title = STAGE_TITLES[name];
  if (title === undefined) return null;
  const again = (event.run ?? 1) > 1 ? `, run ${event.run}` : '';
  return change === 'running'
    ? { ...at, kind: 'boundary', text: `${title}${again}`, state: 'running' }
    : { ...at, kind: 'boundary', text: `${title} done${again}`, state: 'done' };
}

function endState(value: unknown): 'running' | 'done' | 'failed' | 'cancelled' {
  return value === 'done' || value === 'failed' || value === 'cancelled' ? value : 'running';
}

const placed = ({ seq, stage, run, created_at }: LogEvent, id: unknown) => ({
  id: words(id),
  seq,
  stage,
  run,
  at: created_at,
});

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(words) : []);
