/**
 * A session's conversation, built from its events in order; item-list.ts holds the items in theirs.
 * 1. what was thought stands before what was said, whichever is told first;
 * 2. text that is being written becomes the final message; what no event ever tells goes with the end of its stage;
 * 3. an event about a step that is not known changes nothing;
 * 4. what a step prints is drawn when it is looked at, however many pieces it came in.
 */

import { answerWords } from './answer-words.ts';
import { CapturedOutput } from './captured-output.ts';
import { type AskItem, type ConversationItem, NOTHING_CAPTURED, type ToolItem } from './conversation-item.ts';
import { otherItem, placed } from './event-item.ts';
import { ItemList } from './item-list.ts';
import type { EventOf, LogEvent, TextDelta } from './log-event.ts';
import { MessageText } from './message-text.ts';

type OutputStream = 'stdout' | 'stderr';
type Answers = NonNullable<EventOf<'waiting'>['data']['answers']>;
type Takers = { [T in LogEvent['type']]?: (event: EventOf<T>) => void };

const UNANSWERED = {
  state: 'open',
  ...{ answer: null, answeredBy: null, answeredAt: null, problem: null },
} as const;

export class Conversation {
  readonly #list = new ItemList();
  readonly #writing = new Map<string, MessageText>();
  readonly #complete = new Set<string>();
  /** By step, what it prints; of those in `#printed` the items do not tell yet. */
  readonly #outputs = new Map<string, Record<OutputStream, CapturedOutput>>();
  readonly #printed = new Set<string>();
  #openAsk: string | null = null;
  readonly #takers: Takers = {
    agent_message: (event) => this.#endMessage(event),
    agent_thinking: (event) => this.#endThinking(event),
    user_message: (event) => {
      this.#list.add({ ...placed(event, event.data.message), kind: 'user', text: event.data.text });
    },
    tool_start: (event) => this.#startTool(event),
    code_output: (event) => this.#addOutput(event),
    attempt_started: ({ data }) => this.#startAttempt(data.step_id, data.execution),
    tool_end: (event) => this.#endTool(event),
    file_created: (event) => this.#addFile(event),
    checkpoint: ({ data: { step, checkpoint: id, files, bytes } }) => {
      this.#list.change(step, 'tool', { checkpoint: { id, files, bytes } });
    },
    question: (event) => {
      const { id, text, choices } = event.data;
      this.#ask({ ...placed(event, id), ...UNANSWERED, kind: 'question', text, choices });
    },
    approval: (event) => {
      const { id, action } = event.data;
      this.#ask({ ...placed(event, id), ...UNANSWERED, kind: 'approval', text: action });
    },
    waiting: ({ data: { answers } }) => {
      if (answers) this.#settleAsk(answers);
    },
  };

  get items(): readonly ConversationItem[] {
    this.#drawOutputs();
    return this.#list.items;
  }

  get(id: string): ConversationItem | null {
    if (this.#printed.has(id)) this.#drawOutputs();
    return this.#list.get(id);
  }

  /** The question or approval that waits for a person. */
  get openAsk(): AskItem | null {
    const item = this.#openAsk === null ? null : this.get(this.#openAsk);
    return item?.kind === 'question' || item?.kind === 'approval' ? item : null;
  }

  /** @returns true when something changed */
  addDelta(delta: TextDelta): boolean {
    const { message, part } = delta;
    const id = part === 'text' ? message : thinkingOf(message);
    if (this.#complete.has(message) || this.#complete.has(id)) return false;
    const text = this.#writing.get(id) ?? new MessageText();
    this.#writing.set(id, text);
    // that the model thinks is known before what
    const isNew = part === 'thinking' && this.get(id) === null;
    if (!text.add(delta) && !isNew) return false;
    const written = { text: text.text, streaming: true };
    const place = { id, seq: 0, stage: null, run: null, at: '' };
    if (part === 'thinking') {
      const unknown = { withheld: false, durationMs: null };
      if (!this.#list.change(id, 'thinking', written))
        this.#list.add({ kind: 'thinking', ...place, ...unknown, ...written }, message);
      return true;
    }
    this.#list.change(thinkingOf(message), 'thinking', { streaming: false });
    if (!this.#list.change(id, 'agent', written)) this.#list.add({ kind: 'agent', ...place, ...written });
    return true;
  }

  ingest(event: LogEvent): void {
    // one boundary cast: the taker is the one of the event's own type
    const take = this.#takers[event.type] as ((event: LogEvent) => void) | undefined;
    if (take) take(event);
    else this.#addOther(event);
  }

  /** A person's answer on its way; `problem` says why the server did not take it. */
  setAnswer(
    id: string,
    change: { state: AskItem['state']; answer: string | null; problem: string | null },
  ): void {
    const item = this.get(id);
    if (item?.kind === 'question' || item?.kind === 'approval') this.#list.change(id, item.kind, change);
  }

  #endMessage(event: EventOf<'agent_message'>): void {
    const { message: id, text } = event.data;
    this.#complete.add(id);
    this.#writing.delete(id);
    if (this.get(id)?.seq === 0) this.#list.remove(id);
    const final = { ...placed(event, id), text, streaming: false };
    if (!this.#list.change(id, 'agent', final)) this.#list.add({ ...final, kind: 'agent' });
    this.#setThinkingBefore(id);
  }

  #endThinking(event: EventOf<'agent_thinking'>): void {
    const { message, text, withheld, duration_ms: durationMs } = event.data;
    const id = thinkingOf(message);
    this.#complete.add(id);
    this.#writing.delete(id);
    if (this.get(id)?.seq === 0) this.#list.remove(id);
    const final = { ...placed(event, id), text, streaming: false, withheld, durationMs };
    if (!this.#list.change(id, 'thinking', final)) this.#list.add({ ...final, kind: 'thinking' }, message);
  }

  /** Thinking that is still only heard of, not told by an event, stands before its message. */
  #setThinkingBefore(message: string): void {
    const thinking = this.get(thinkingOf(message));
    if (thinking?.seq !== 0) return;
    this.#list.remove(thinking.id);
    this.#list.add(thinking, message);
  }

  #startTool(event: EventOf<'tool_start'>): void {
    const { step, tool, title, input } = event.data;
    this.#list.add({
      ...placed(event, step),
      ...{ kind: 'tool', tool, title, input },
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
  #startAttempt(step: string, execution: number): void {
    const item = this.#tool(step);
    if (item === null || execution <= item.execution) return;
    this.#outputs.delete(step);
    this.#printed.delete(step);
    const fresh = { stdout: NOTHING_CAPTURED, stderr: NOTHING_CAPTURED, files: [] };
    this.#list.change(step, 'tool', { execution, ...fresh });
  }

  #addOutput({ data: { step, execution, stream, text } }: EventOf<'code_output'>): void {
    this.#startAttempt(step, execution);
    const item = this.#tool(step);
    if (item === null || execution < item.execution) return;
    const output = this.#outputs.get(step) ?? { stdout: new CapturedOutput(), stderr: new CapturedOutput() };
    output[stream].write(text);
    this.#outputs.set(step, output);
    this.#printed.add(step);
  }

  #drawOutputs(): void {
    for (const step of this.#printed) {
      const output = this.#outputs.get(step);
      this.#printed.delete(step);
      if (output)
        this.#list.change(step, 'tool', { stdout: output.stdout.captured, stderr: output.stderr.captured });
    }
  }

  #endTool({ data: { step, ok, output: result, duration_ms: durationMs } }: EventOf<'tool_end'>): void {
    this.#list.change(step, 'tool', { state: ok ? 'done' : 'failed', result, durationMs });
  }

  #addFile({ data: { path, step = '' } }: EventOf<'file_created'>): void {
    const item = this.#tool(step);
    if (item !== null && !item.files.includes(path))
      this.#list.change(step, 'tool', { files: [...item.files, path] });
  }

  #ask(item: AskItem): void {
    this.#list.add(item);
    this.#openAsk = item.id;
  }

  #settleAsk({ question, answer, by, at }: Answers): void {
    const item = this.get(question);
    if (item?.kind !== 'question' && item?.kind !== 'approval') return;
    const given = { answer: answerWords(answer), answeredBy: by, answeredAt: at };
    this.#list.change(question, item.kind, { state: 'answered', ...given, problem: null });
    if (this.#openAsk === question) this.#openAsk = null;
  }

  #closeAsk(): void {
    const ask = this.openAsk;
    if (ask !== null) this.setAnswer(ask.id, { state: 'closed', answer: ask.answer, problem: null });
    this.#openAsk = null;
  }

  #addOther(event: LogEvent): void {
    const item = otherItem(event);
    if (item === null || this.#isRepeated(item)) return;
    if (item.kind === 'boundary' && item.state !== 'running') this.#endStage(item.state);
    this.#list.add(item);
  }

  /** The agent, or the checks of its work, said the same just before: an error is told once. */
  #isRepeated(item: ConversationItem): boolean {
    if (item.kind !== 'notice' || item.tone !== 'error' || item.text === '') return false;
    return this.items
      .slice(-6)
      .filter(({ seq }) => seq !== 0)
      .slice(-3)
      .some((before) => {
        if (before.kind === 'agent') return before.seq !== 0 && before.text.includes(item.text);
        if (before.kind === 'notice') return before.text === item.text;
        return before.kind === 'validation' && before.errors.some((error) => item.text.includes(error));
      });
  }

  /** What was being done when a stage ended early is over. */
  #endStage(state: string): void {
    this.#closeAsk();
    if (state === 'done') return;
    for (const item of this.items.slice(-50)) {
      if (item.kind === 'tool' && item.state === 'running')
        this.#list.change(item.id, 'tool', { state: 'failed' });
      // no event tells of it, so a reload does not show it either
      if ((item.kind === 'agent' || item.kind === 'thinking') && item.seq === 0) this.#list.remove(item.id);
    }
  }

  #tool(id: string): ToolItem | null {
    const item = this.#list.get(id);
    return item?.kind === 'tool' ? item : null;
  }
}

const thinkingOf = (message: string): string => `${message}/thinking`;
