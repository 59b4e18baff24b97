/**
 * What a host says of an execution, made lawful where it enters: whatever a script wrote, nothing of it makes a later
 * write fail. What cannot be kept is dropped, counted, and told at the end of the script's output.
 */

import { type ScriptProposal, ScriptProposalSchema } from '../core/decisions.ts';
import { EVENT_SCHEMAS, type EventData } from '../core/events.ts';
import { LARGEST_MESSAGE, unkeepable } from '../core/logged-content.ts';
import type { ExecutionChunk, LoggedMetric } from '../core/ports/sandbox.ts';
import { OutputCapture } from './output-capture.ts';

/** A chunk of which everything can be written. */
export type LawfulChunk = { offset: number } & (
  | { kind: 'started' | 'exit' | 'dropped' }
  | { kind: 'output'; stream: 'stdout' | 'stderr'; text: string; byteOffset: number }
  | { kind: 'metrics'; items: LoggedMetric[] }
  | { kind: 'charts'; data: EventData<'chart_config'> }
  | { kind: 'rich'; data: RichLog }
  | { kind: 'decision'; data: ScriptProposal }
);
export type RichLog = Omit<EventData<'rich_log'>, 'artifact'>;

const RICH_LOG = EVENT_SCHEMAS.rich_log.omit({ artifact: true });
/** Deeper than anything that is shown; what nests deeper than a parser's stack ends its process. */
const DEEPEST = 16;

export class LawfulChunks {
  /** What was printed, also as it is kept and shown. */
  readonly printed = { stdout: new OutputCapture(), stderr: new OutputCapture() };
  private readonly dropped = new Map<string, number>();

  /** The chunk as it can be written; one of the kind `dropped` stands for what cannot be. Each chunk once, in order. */
  take(chunk: ExecutionChunk): LawfulChunk {
    const { offset } = chunk;
    if (chunk.kind === 'output') {
      const { stream, byteOffset } = chunk;
      const text = this.printed[stream].add(chunk.data, byteOffset);
      return { offset, kind: 'output', stream, text, byteOffset };
    }
    if (chunk.kind === 'metrics') return { offset, kind: 'metrics', items: this.keepable(chunk.items) };
    if (chunk.kind === 'charts') {
      const read = EVENT_SCHEMAS.chart_config.safeParse(parsed(chunk.json));
      return read.success ? { offset, kind: 'charts', data: read.data } : this.drop(offset, 'a dashboard');
    }
    if (chunk.kind === 'rich') {
      const read = RICH_LOG.safeParse(parsed(chunk.json));
      return read.success ? { offset, kind: 'rich', data: read.data } : this.drop(offset, 'a table or image');
    }
    if (chunk.kind === 'decision') {
      const read = ScriptProposalSchema.safeParse(parsed(chunk.json));
      return read.success ? { offset, kind: 'decision', data: read.data } : this.drop(offset, 'a decision');
    }
    return { offset, kind: chunk.kind };
  }

  /** A line for the end of the output; '' when nothing was dropped. */
  note(): string {
    const counts = [...this.dropped].map(([what, count]) => `${count.toLocaleString('en')} × ${what}`);
    return counts.length === 0 ? '' : `tempera: dropped by the worker: ${counts.join('; ')}.\n`;
  }

  private keepable(items: LoggedMetric[]): LoggedMetric[] {
    return items.filter((item) => {
      const why = unkeepable(item);
      if (why !== null) this.count(`a metric point (${why})`);
      return why === null;
    });
  }

  private drop(offset: number, what: string): LawfulChunk {
    this.count(`${what} (not in the form that tempera sends)`);
    return { offset, kind: 'dropped' };
  }

  private count(what: string): void {
    this.dropped.set(what, (this.dropped.get(what) ?? 0) + 1);
  }
}

/** The value of the text; undefined, which no schema takes, for what is too long, too deep or no JSON. */
function parsed(json: string): unknown {
  if (Buffer.byteLength(json) > 2 * LARGEST_MESSAGE) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return depth(value, DEEPEST) < 0 ? undefined : value;
  } catch {
    return undefined; // the caller drops and counts it
  }
}

/** How many levels are left below `value`; negative when it is deeper than `left`. */
function depth(value: unknown, left: number): number {
  if (typeof value !== 'object' || value === null || left < 0) return left;
  return Object.values(value).reduce<number>((least, item) => Math.min(least, depth(item, left - 1)), left);
}
