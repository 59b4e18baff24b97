/** A session's events as lines for people, and on a terminal one line below them that says what runs. */

import { EVENT_SCHEMAS, type EventData, type EventType } from '../core/events.ts';
import type { ReadEvent } from './event-reader.ts';
import { printable, type Terminal } from './output.ts';
import { PrintedOutput } from './printed-output.ts';
import { waitLine } from './waits.ts';

export interface Progress {
  show(event: ReadEvent): void;
  /** Takes the status line away. */
  end(): void;
}

export interface ProgressOptions {
  /** Shows what scripts print, too. */
  verbose: boolean;
  /** Takes the lines. Default: stderr, where progress disturbs no data. */
  line?: (text: string) => void;
  now?: () => number;
}

const MAX_LINE = 160;

type Describe = { [T in EventType]?: (data: EventData<T>, marks: Marks) => string | null };
type Marks = typeof UNICODE;
const UNICODE = { stage: '▸', run: '·', ok: '✓', bad: '✗', ask: '?' };
const ASCII: Marks = { stage: '>', run: '-', ok: '+', bad: 'x', ask: '?' };

const DESCRIBE: Describe = {
  state_change: ({ state, reason }, marks) =>
    `${marks.stage} ${state.replace('_', ' ')}${reason ? `: ${reason}` : ''}`,
  agent_message: ({ text }) => `  ${firstLine(text)}`,
  user_message: ({ text }) => `  you: ${firstLine(text)}`,
  tool_start: ({ title, tool }, marks) => `  ${marks.run} ${title || tool}`,
  tool_end: ({ ok, duration_ms, output, tool }, marks) =>
    ok ? null : `  ${marks.bad} ${tool} failed after ${seconds(duration_ms)}: ${firstLine(output)}`,
  report_ready: ({ stage }, marks) => `  ${marks.ok} report of ${stage}`,
  files_ready: ({ files, stage }, marks) => `  ${marks.ok} ${files.length} files of ${stage}`,
  validation_result: ({ passed, warnings, errors }, marks) =>
    `  ${errors.length ? marks.bad : marks.ok} validation: ${passed.length} passed, ` +
    `${counted(warnings.length, 'warning')}, ${counted(errors.length, 'error')}` +
    errors.map((error) => `\n      ${firstLine(error)}`).join(''),
  waiting: ({ reason, ...wait }, marks) =>
    reason ? `  ${marks.ask} ${waitLine({ reason, ...wait })}` : null,
  context_shortened: ({ message }, marks) => `  ${marks.run} ${message}`,
  question: ({ text, choices }, marks) =>
    `  ${marks.ask} ${firstLine(text)}${choices.length ? ` [${choices.join(' | ')}]` : ''}`,
  approval: ({ id, action }, marks) => `  ${marks.ask} asks to: ${firstLine(action)} (${id})`,
  limit_reached: ({ message }, marks) => `  ${marks.bad} ${message}`,
  attempt_started: ({ execution }, marks) =>
    execution > 1 ? `  ${marks.run} running the step again (${execution})` : null,
  stale: ({ stages }) => `  out of date now: ${stages.join(', ')}`,
  error: ({ code, message }, marks) => `  ${marks.bad} ${code}: ${message}`,
};

/** Shows events on `terminal`; without a live one only whole lines are written. */
export function createProgress(terminal: Terminal, options: ProgressOptions): Progress {
  const { verbose, line: tell = terminal.err, now = Date.now } = options;
  const marks = terminal.unicode ? UNICODE : ASCII;
  const output = new PrintedOutput();
  let status: { text: string; since: number } | null = null;

  const clear = () => terminal.live && status && terminal.err('\r\x1b[2K');
  const draw = () => {
    if (!terminal.live || !status) return;
    const elapsed = Math.round((now() - status.since) / 1000);
    terminal.err(`\r\x1b[2K${`  ${status.text} ${elapsed} s`.slice(0, terminal.columns - 1)}`);
  };
  const timer = terminal.live ? setInterval(draw, 1000) : null;
  timer?.unref();

  return {
    show(event) {
      clear();
      const line = describe(event, marks);
      const lines = [...(verbose ? output.take(event) : []), ...(line === null ? [] : [line])];
      for (const each of lines) tell(`${printable(each)}\n`);
      if (event.type === 'tool_start')
        status = { text: printable(String(event.data.title ?? 'running')), since: now() };
      else if (event.type === 'tool_end') status = { text: 'thinking', since: now() };
      else if (['state_change', 'question', 'approval'].includes(event.type)) status = null;
      draw();
    },
    end() {
      clear();
      for (const line of output.end()) tell(`${printable(line)}\n`);
      if (timer) clearInterval(timer);
      status = null;
    },
  };
}

/** One event as a line, or null where there is nothing to say. */
export function describe(event: ReadEvent, marks: Marks = ASCII): string | null {
  if (!isEventType(event.type)) return null;
  return describeAs(event.type, event.data, marks);
}

function describeAs<T extends EventType>(type: T, data: unknown, marks: Marks): string | null {
  const parsed = EVENT_SCHEMAS[type].safeParse(data);
  const say = DESCRIBE[type];
  // one boundary cast: the schema of `type` has just checked the data
  return say && parsed.success ? say(parsed.data as EventData<T>, marks) : null;
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENT_SCHEMAS, type);
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 3)}...` : line;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
