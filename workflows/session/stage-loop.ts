/**
 * The agent loop of one open stage as a pure machine: it is told what happened and says what to do next.
 *
 * Invariants: a limit is checked before every model call, never after one; calls that touch the workspace run one
 * at a time in the model's order, reads between them together; a turn can be walked again from its start, because
 * every action is idempotent by its key; three failed validations send the agent back, the fourth ends the stage.
 * A follow-up is the same loop without validation: it ends with an answer in plain words, or with finish. A call that
 * has given the same result MAX_REPEATS times stops the loop before the next model call, until a person lets it go on.
 */

import { type Limits, reachedLimit } from '../../core/limits.ts';
import type { Waiting } from '../../core/session-state.ts';
import type {
  FinishOutcome,
  ModelTurn,
  OpenStage,
  Repetition,
  ToolCallReference,
  ToolOutcome,
} from '../contract/activities.ts';

export const MAX_REPAIRS = 3;
export const MAX_NUDGES = 3;
/** Same calls with the same result before a person is asked. */
export const MAX_REPEATS = 5;

export type Action =
  | { do: 'model'; turn: number }
  | { do: 'tools'; turn: number; calls: ToolCallReference[]; base: string | null }
  | { do: 'control'; turn: number; call: ToolCallReference }
  | { do: 'ask'; turn: number; call: ToolCallReference }
  | { do: 'finish'; turn: number; call: ToolCallReference; base: string | null; lastTry: boolean }
  | { do: 'nudge'; turn: number; text: string }
  | { do: 'wait'; waiting: Waiting; message: string }
  | { do: 'done' }
  | { do: 'fail'; code: string; message: string };

/** What a run of the workflow may do that an older one did not; asked where it makes a difference. */
export interface LoopChanges {
  /** An answer that filled the model's context is gone on from; before, it ended the stage. */
  goesOnCut: () => boolean;
  /** A call that repeats itself stops the stage. */
  guardsLoops: () => boolean;
}

const NEWEST: LoopChanges = { goesOnCut: () => true, guardsLoops: () => true };

export class StageLoop {
  private turn: number;
  private readonly firstTurn: number;
  private readonly followUp: boolean;
  private checkpoint: string | null;
  private pending: ToolCallReference[] = [];
  private answered: ModelTurn | null = null;
  private nudges = 0;
  private repairs: number;
  private finished = false;
  private failure: { code: string; message: string } | null = null;
  private tokens: number;
  private cost: number;
  private seconds: number;
  private repetition: Repetition | null = null;

  private limits: Limits;

  private readonly changes: LoopChanges;

  constructor(open: OpenStage, limits: Limits, changes: LoopChanges = NEWEST) {
    this.changes = changes;
    this.limits = limits;
    this.turn = open.turn;
    this.firstTurn = open.firstTurn;
    this.followUp = open.followUp !== null;
    this.checkpoint = open.checkpoint;
    this.repairs = open.repairs;
    this.tokens = open.spent.tokens;
    this.cost = open.spent.cost;
    this.seconds = open.spent.seconds;
  }

  get currentTurn(): number {
    return this.turn;
  }

  /** The checkpoint at which the workspace stands. */
  get base(): string | null {
    return this.checkpoint;
  }

  /** True between turns: the only place where the workflow may continue as new or stop after a step. */
  get atTurnBoundary(): boolean {
    return this.answered === null;
  }

  setLimits(limits: Limits): void {
    this.limits = limits;
  }

  /** Counts seconds in which the stage worked (not those in which it waited for a person). */
  worked(seconds: number): void {
    this.seconds += seconds;
  }

  next(): Action {
    if (this.failure) return { do: 'fail', ...this.failure };
    if (this.finished) return { do: 'done' };
    if (this.answered === null) return this.beforeModel();
    const [call] = this.pending;
    if (!call) return this.afterTools(this.answered);
    if (call.name === 'finish' && !this.followUp) {
      const lastTry = this.repairs >= MAX_REPAIRS;
      return { do: 'finish', turn: this.turn, call, base: this.checkpoint, lastTry };
    }
    if (call.name === 'ask_user' || call.name === 'request_approval')
      return { do: 'ask', turn: this.turn, call };
    if (call.kind === 'control') return { do: 'control', turn: this.turn, call };
    return { do: 'tools', turn: this.turn, calls: this.batch(), base: this.checkpoint };
  }

  modelAnswered(answer: ModelTurn): void {
    this.tokens = answer.tokens;
    this.cost = answer.cost;
    if (answer.stopReason === 'refusal') {
      this.failure = {
        code: 'MODEL_REFUSED',
        message:
          'The model declined to go on. Change the instructions or the model and start the stage again.',
      };
      return;
    }
    if (answer.stopReason === 'model_context_window_exceeded' && !this.changes.goesOnCut()) {
      this.failure = {
        code: 'MODEL_REQUEST',
        message:
          'The conversation no longer fits the model’s context. Start the stage again with a model ' +
          'of a larger context.',
      };
      return;
    }
    this.answered = answer;
    this.pending = [...answer.calls];
    if (answer.calls.length > 0) this.nudges = 0;
  }

  /** What the session has spent by answers that could not be kept. */
  spent({ tokens, cost }: { tokens: number; cost: number }): void {
    this.tokens = tokens;
    this.cost = cost;
  }

  toolsEnded(outcomes: ToolOutcome[]): void {
    this.pending = this.pending.slice(outcomes.length);
    for (const { checkpoint, repeated } of outcomes) {
      this.checkpoint = checkpoint ?? this.checkpoint;
      this.noteRepetition(repeated);
    }
  }

  /** A person has let the repetition go on. */
  letRepeat(): void {
    this.repetition = null;
  }

  controlEnded(repeated?: Repetition): void {
    this.noteRepetition(repeated);
    if (this.followUp && this.pending[0]?.name === 'finish') this.finished = true;
    this.pending = this.pending.slice(1);
  }

  finishEnded(outcome: FinishOutcome): void {
    if (outcome.done) {
      this.finished = true;
      return;
    }
    if (outcome.unable !== undefined) {
      this.failure = { code: 'STAGE_IMPOSSIBLE', message: outcome.unable };
      return;
    }
    this.repairs += 1;
    if (this.repairs > MAX_REPAIRS) {
      const errors = outcome.errors.join(' ');
      this.failure = {
        code: 'VALIDATION_FAILED',
        message: `The outputs still do not validate after ${MAX_REPAIRS} repairs: ${errors}`,
      };
      return;
    }
    this.controlEnded();
  }

  /** The person has said more before the follow-up was closed. */
  goOn(): void {
    this.finished = false;
    this.nextTurn();
  }

  nudged(): void {
    this.nudges += 1;
    this.nextTurn();
  }

  private noteRepetition(repeated: Repetition | undefined): void {
    if (repeated && repeated.times >= MAX_REPEATS) this.repetition = repeated;
  }

  private beforeModel(): Action {
    if (this.repetition && this.changes.guardsLoops()) {
      const { times, what } = this.repetition;
      const message =
        `The agent goes round in circles: ${what} has given the same result ${times} times. Say ` +
        'in a message what it should do otherwise, or resume to let it go on.';
      return { do: 'wait', waiting: { reason: 'loop', subject: what, message }, message };
    }
    const spent = {
      turns: this.turn - this.firstTurn,
      tokens: this.tokens,
      cost: this.cost,
      seconds: this.seconds,
    };
    const reached = reachedLimit(this.limits, spent);
    if (reached)
      return { do: 'wait', waiting: { reason: 'limit', subject: reached.limit }, message: reached.message };
    return { do: 'model', turn: this.turn };
  }

  private afterTools(answer: ModelTurn): Action {
    if (answer.calls.length > 0) {
      this.nextTurn();
      return this.next();
    }
    if (this.followUp && ANSWERED.includes(answer.stopReason)) return { do: 'done' };
    if (this.nudges >= MAX_NUDGES) {
      return {
        do: 'fail',
        code: 'VALIDATION_FAILED',
        message: `The agent stopped ${MAX_NUDGES + 1} times without calling a tool or finish.`,
      };
    }
    return { do: 'nudge', turn: this.turn, text: NUDGES[answer.stopReason] ?? NUDGES.end_turn ?? '' };
  }

  private nextTurn(): void {
    this.turn += 1;
    this.answered = null;
    this.pending = [];
  }

  /** One workspace call, or the reads that stand together before the next other call. */
  private batch(): ToolCallReference[] {
    const [first] = this.pending;
    if (!first || first.kind === 'workspace') return this.pending.slice(0, 1);
    const end = this.pending.findIndex((call) => call.kind !== 'read');
    return end === -1 ? this.pending : this.pending.slice(0, end);
  }
}

/** A follow-up ends with an answer in plain words. */
const ANSWERED: readonly string[] = ['end_turn', 'stop_sequence'];

const NUDGES: Record<string, string> = {
  end_turn: 'Go on with the stage. When its outputs are all there, call finish with a summary.',
  max_tokens: 'Your answer was cut at its token limit. Go on from where it stopped, in smaller steps.',
  pause_turn: 'Go on.',
  model_context_window_exceeded:
    'Your answer was cut: the conversation had filled your context, and its earlier part is ' +
    'shortened now. Go on from where it stopped, in smaller steps.',
};
