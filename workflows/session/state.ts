/**
 * What a running session workflow knows, as a pure class: rows are the memory, this is their reflection.
 * It does no I/O and registers no handler.
 */

import type { Limits } from '../../core/limits.ts';
import { doneState, runningState, type SessionState, type Waiting } from '../../core/session-state.ts';
import type { Stage } from '../../core/stages.ts';
import type { LoadedSession, OpenStage } from '../contract/activities.ts';
import type { SessionStatus, TimelineEntry } from '../contract/messages.ts';

/** How many entries the `timeline` query keeps; the event log keeps them all. */
export const TIMELINE_LENGTH = 200;

export class SessionView {
  state: SessionState = 'created';
  failedStage: Stage | null = null;
  waiting: Waiting | null = null;
  limits: Limits | null = null;
  stopAfterStep = false;
  open: OpenStage | null = null;
  turn = 0;
  /** Raised by resume, answers, approvals and new limits: what a waiting loop looks for. */
  wakeups = 0;
  /** Messages that have come in this run of the workflow. */
  heard = 0;
  private entries: TimelineEntry[] = [];

  load(loaded: LoadedSession): void {
    this.state = loaded.state;
    this.failedStage = loaded.failedStage;
    this.waiting = loaded.waiting;
    this.limits = loaded.limits;
    this.stopAfterStep = loaded.stopAfterStep;
    this.open = loaded.open;
    this.turn = loaded.open?.turn ?? 0;
  }

  stageOpened(open: OpenStage, at: string): void {
    this.open = open;
    this.turn = open.turn;
    this.state = runningState(open.stage);
    this.failedStage = null;
    this.waiting = null;
    this.note(at, `${open.stage} run ${open.run} started`);
  }

  /** Further turns of a done stage; the state stays. */
  followUpOpened(open: OpenStage, at: string): void {
    this.open = open;
    this.turn = open.turn;
    this.waiting = null;
    this.note(at, `follow-up ${open.followUp} opened`);
  }

  followUpEnded(at: string, how: string): void {
    this.note(at, `follow-up ${this.open?.followUp} ${how}`);
    this.waiting = null;
    this.stopAfterStep = false;
    this.open = null;
  }

  stageDone(at: string): void {
    if (this.open) {
      this.state = doneState(this.open.stage);
      this.note(at, `${this.open.stage} done`);
    }
    this.open = null;
  }

  /** What a former run had made was taken over: nothing is open. */
  stageAdopted(stage: Stage, run: number, at: string): void {
    this.state = doneState(stage);
    this.failedStage = null;
    this.note(at, `${stage} run ${run} took over a former one`);
  }

  stageFailed(at: string, message: string): void {
    this.failedStage = this.open?.stage ?? null;
    this.state = 'failed';
    this.waiting = null;
    this.note(at, `${this.open?.stage ?? 'stage'} failed: ${message}`);
    this.open = null;
  }

  cancelled(at: string): void {
    this.state = 'cancelled';
    this.waiting = null;
    this.open = null;
    this.note(at, 'cancelled');
  }

  note(at: string, what: string): void {
    this.entries = [...this.entries, { at, what }].slice(-TIMELINE_LENGTH);
  }

  get status(): SessionStatus {
    const { state, waiting, turn } = this;
    const { stage = null, run = 0, followUp = null } = this.open ?? {};
    return { state, stage, run, turn, waiting, followUp };
  }

  get timeline(): TimelineEntry[] {
    return this.entries;
  }

  /** Markdown for the Temporal UI. */
  details(experiment: string): string {
    const lines = [`**${experiment}** · \`${this.state}\``];
    const { followUp } = this.status;
    if (followUp !== null) lines.push(`Follow-up **${followUp}**`);
    if (this.open) lines.push(`Stage **${this.open.stage}**, run ${this.open.run}, turn ${this.turn}`);
    if (this.waiting) lines.push(...waitingLines(this.waiting));
    return lines.join('\n\n');
  }
}

function waitingLines({ reason, since, until, tries, message }: Waiting): string[] {
  const parts = [
    `Waiting: **${reason}**`,
    since && `since ${since}`,
    until && (tries === undefined ? `until ${until}` : `next try ${until}`),
  ];
  return [parts.filter(Boolean).join(', '), ...(message === undefined ? [] : [message])];
}
