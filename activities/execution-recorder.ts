/**
 * Writes an execution's chunks as rows and events, in batches: at once, then at most every 40 ms. The step's offset
 * advances in the transaction of what it covers, so that a chunk is written once however often it is read.
 *
 * This is the one wait on the way from log() to readers: the host passes on at once what it reads, and hints follow
 * every write. Content never makes it throw (lawful-chunks.ts); what it throws is an outage or a superseded attempt.
 */

import type { NewEvent } from '../core/events.ts';
import { derivedId } from '../core/ids.ts';
import { headOf } from '../core/lawful-text.ts';
import type { ExecutionChunk, ExecutionExit, LoggedMetric } from '../core/ports/sandbox.ts';
import type { Stage } from '../core/stages.ts';
import { inSession, insertDecisions, insertMetrics, type NewDecision, updateStep } from '../db/index.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import { type DecidingScript, decisionEvents, scriptDecisions } from './decision-records.ts';
import { type LawfulChunk, LawfulChunks, type RichLog } from './lawful-chunks.ts';
import type { CapturedOutput } from './output-capture.ts';
import type { ActivityPorts } from './ports.ts';

export const FLUSH_INTERVAL_MS = 40;
/** Chunks that may wait for a flush; the reader waits beyond it. */
const MAX_WAITING_CHUNKS = 256;
const MAX_EVENT_CHARACTERS = 64 * 1024;
const MAX_EVENT_METRICS = 1_000;
/** Points of one transaction: a backlog is written in pieces that a slow database still takes in time. */
export const MAX_BATCH_METRICS = 10_000;

export interface RecordedStep extends DecidingScript {
  id: string;
  execution: number;
  epoch: number;
  /** Chunks below this offset are written already. */
  writtenOffset: number;
}

export class ExecutionRecorder {
  private waiting: LawfulChunk[] = [];
  private flushing: Promise<void> | null = null;
  private failure: unknown = null;
  private readonly lawful = new LawfulChunks();
  /** Bytes of stderr so far: where a line about it stands. */
  private errorBytes = 0;
  exit: ExecutionExit | null = null;
  private endPause: () => void = () => undefined;

  private readonly ports: ActivityPorts;
  private readonly call: ToolCall;
  private readonly step: RecordedStep;

  constructor(ports: ActivityPorts, call: ToolCall, step: RecordedStep) {
    this.ports = ports;
    this.call = call;
    this.step = step;
  }

  /** Takes the next chunk; waits only while too many are unwritten. */
  async add(chunk: ExecutionChunk): Promise<void> {
    if (this.failure) throw this.failure;
    const taken = this.taken(chunk);
    if (chunk.offset < this.step.writtenOffset) return;
    this.waiting.push(...taken);
    this.flushing ??= this.flush();
    if (this.waiting.length >= MAX_WAITING_CHUNKS) await this.flushing;
  }

  /** All that the code has printed. */
  get output(): { stdout: CapturedOutput; stderr: CapturedOutput } {
    const { stdout, stderr } = this.lawful.printed;
    return { stdout: stdout.whole, stderr: stderr.whole };
  }

  /** Writes what is left. @throws whatever a write threw */
  async end(): Promise<void> {
    while (this.flushing) await this.flushing;
    if (this.failure) throw this.failure;
  }

  /** What can be written of it, and before its exit a line of what could not. */
  private taken(chunk: ExecutionChunk): LawfulChunk[] {
    const lawful = this.lawful.take(chunk);
    if (chunk.kind === 'output' && chunk.stream === 'stderr')
      this.errorBytes = chunk.byteOffset + chunk.data.length;
    if (chunk.kind !== 'exit') return [lawful];
    this.exit = chunk.exit;
    this.endPause();
    const note = this.lawful.note();
    if (note === '') return [lawful];
    this.lawful.printed.stderr.remark(note);
    const { offset } = chunk;
    return [{ offset, kind: 'output', stream: 'stderr', text: note, byteOffset: this.errorBytes }, lawful];
  }

  private async flush(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const started = Date.now();
        const batch = this.waiting.splice(0, batchLength(this.waiting));
        if (!(await this.write(batch))) continue;
        const rest = FLUSH_INTERVAL_MS - (Date.now() - started);
        if (this.waiting.length === 0 && this.exit) break;
        if (rest > 0 && !this.exit) await this.pause(rest);
      }
    } catch (error) {
      this.failure = error;
    } finally {
      this.flushing = null;
    }
  }

  /** Lets chunks gather; the execution's exit ends the pause, because nothing comes after it. */
  private async pause(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.endPause = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
  }

  /** @returns false for a batch that tells of nothing stored: it may be read again, so its offset need not be kept */
  private async write(batch: LawfulChunk[]): Promise<boolean> {
    const { sessionId, stage, run } = this.call;
    const last = batch.at(-1);
    const metrics = batch.flatMap((chunk) => (chunk.kind === 'metrics' ? chunk.items : []));
    const { id, execution, epoch } = this.step;
    const source = { session_id: sessionId, stage, run, step_id: id, execution };
    const decisions = scriptDecisions(source, batch, this.step);
    const list = [...this.eventsOf(batch), ...this.decisionEvents(batch, decisions)];
    if (!last || metrics.length + list.length === 0) return false;
    const attempt = { step: id, epoch };
    await inSession(this.ports, { sessionId, attempt }, async (tx, tell) => {
      if (metrics.length > 0) await insertMetrics(tx, source, metrics.map(toMetric));
      await insertDecisions(tx, decisions);
      await tell(...list);
      const offset = last.offset + 1;
      await updateStep(tx, attempt, {
        output_offset: offset,
        metrics_offset: offset,
      });
    });
    return true;
  }

  private eventsOf(batch: LawfulChunk[]): NewEvent[] {
    const list: NewEvent[] = [];
    for (const chunk of batch) {
      if (chunk.kind === 'output') this.addOutput(list, chunk);
      else list.push(...this.otherEvents(chunk));
    }
    return list;
  }

  /** Joins output of the same stream that stands together; a chunk larger than an event becomes several. */
  private addOutput(list: NewEvent[], chunk: Extract<LawfulChunk, { kind: 'output' }>): void {
    const { text } = chunk;
    if (text === '') return;
    const before = list.at(-1);
    if (
      before?.type === 'code_output' &&
      before.data.stream === chunk.stream &&
      before.data.text.length + text.length <= MAX_EVENT_CHARACTERS
    ) {
      before.data.text += text;
      return;
    }
    let offset = chunk.byteOffset;
    for (const [at, piece] of inPieces(text, MAX_EVENT_CHARACTERS).entries()) {
      const { id: step, execution } = this.step;
      const data = { step, execution, stream: chunk.stream, offset, text: piece };
      const channel = at === 0 ? 'output' : `output/${at}`;
      list.push({ ...this.place(channel, chunk.offset), type: 'code_output', data });
      offset += Buffer.byteLength(piece);
    }
  }

  private otherEvents(chunk: LawfulChunk): NewEvent[] {
    if (chunk.kind === 'charts')
      return [{ ...this.place('charts', chunk.offset), type: 'chart_config', data: chunk.data }];
    if (chunk.kind === 'rich') return [this.richEvent(chunk.offset, chunk.data)];
    if (chunk.kind !== 'metrics') return [];
    const events: NewEvent[] = [];
    const { stage } = this.call;
    for (let from = 0; from < chunk.items.length; from += MAX_EVENT_METRICS) {
      const items = chunk.items.slice(from, from + MAX_EVENT_METRICS).map((item) => toEventItem(item, stage));
      events.push({ ...this.place(`metrics/${from}`, chunk.offset), type: 'metrics_batch', data: { items } });
    }
    return events;
  }

  private decisionEvents(batch: LawfulChunk[], rows: NewDecision[]): NewEvent[] {
    const first = batch.find(({ kind }) => kind === 'decision');
    return first === undefined ? [] : decisionEvents(rows, this.place('decision', first.offset));
  }

  private richEvent(offset: number, log: RichLog): NewEvent {
    const { sessionId, stage, run } = this.call;
    const artifact = log.path ? derivedId('artifact', sessionId, stage, run, log.path) : null;
    const { kind, name, path, data } = log;
    return {
      ...this.place('rich', offset),
      type: 'rich_log',
      data: { kind, name, artifact, ...(path ? { path } : {}), ...(data === undefined ? {} : { data }) },
    };
  }

  private place(channel: string, offset: number) {
    const { stage, run } = this.call;
    return { key: `${this.step.id}/${this.step.execution}/${channel}/${offset}`, stage, run };
  }
}

/** A metric as stored: what is not finite is null with a flag. */
function toMetric(item: LoggedMetric): {
  run_tag: string;
  name: string;
  step: number;
  value: number | null;
  flag: string | null;
} {
  const { run_tag, name, step, value } = item;
  return Number.isFinite(value)
    ? { run_tag, name, step, value, flag: null }
    : { run_tag, name, step, value: null, flag: String(value) };
}

/** A metric as an event tells it. */
function toEventItem({ run_tag, name, step, value }: LoggedMetric, stage: Stage) {
  return Number.isFinite(value)
    ? { run_tag, name, step, value, stage }
    : { run_tag, name, step, value: null, stage, flag: String(value) };
}

/** How many of the waiting chunks one transaction takes: at least one, then as many as the points allow. */
export function batchLength(waiting: LawfulChunk[]): number {
  let points = 0;
  const end = waiting.findIndex((chunk) => {
    points += chunk.kind === 'metrics' ? chunk.items.length : 0;
    return points > MAX_BATCH_METRICS;
  });
  return end === -1 ? waiting.length : Math.max(1, end);
}

/** `text` in pieces of at most `most` UTF-16 units, none of which ends in half a character. */
export function inPieces(text: string, most: number): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const piece = headOf(text.slice(from, from + most + 1), most);
    pieces.push(piece);
    from += piece.length;
  }
  return pieces;
}
