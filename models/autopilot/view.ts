/** What a stage's conversation shows, as `stage-view.ts` reads it. */

import type { Stage } from '../../core/stages.ts';
import type { Facts, Ordered } from './facts.ts';

/** One run of a playbook's script. */
export interface ScriptExecution {
  name: string;
  /** The script's first line: the playbook and what was wanted of it. */
  mark: string;
  ok: boolean;
  output: string;
  /** How often this model had spoken when the result came. */
  turn: number;
}

/** An order of the person's that was put into the ledger. */
export interface OrderResult {
  /** The person's words. */
  spoken: string;
  /** Null where it was refused as a whole. */
  ordered: Ordered | null;
  /** The refusal. */
  why: string;
  /** How often this model had spoken when the result came. */
  turn: number;
}

/** What the person said, and when. */
export interface Words {
  text: string;
  /** The same as the person wrote it, without what it answers. */
  quote: string;
  stage: Stage;
  /** How often this model had spoken in this stage when it came; null for an earlier stage's. */
  turn: number | null;
}

export interface StageView {
  /** What is wanted by now: the brief's facts with what the person has ordered since. */
  facts: Facts | null;
  /** The brief's facts as they were given. */
  given: Facts | null;
  /** All of the opening message: earlier summaries, messages kept for this stage. */
  brief: string;
  executions: ScriptExecution[];
  /** What the person said: instructions, then words of earlier stages, then what was said in this one, oldest first. */
  messages: string[];
  /** The same with the stage and turn of each. */
  words: Words[];
  /** How often this model has spoken in the stage. */
  turn: number;
  /** What was said in this stage, answers among it: a part of `messages`, handed on to the next stage. */
  stageMessages: string[];
  /** Answers to `ask_user`, oldest first. */
  answers: { question: string; text: string }[];
  /** What validation sent back, oldest first. */
  validations: string[];
  /** Text that came since this model last spoke, to be acknowledged. */
  fresh: string[];
  /** Results of `read_file`, oldest first. */
  reads: string[];
  /** What was looked up in the stage: a path or a statement, what came back (null where it failed), and when. */
  lookedUp: Map<string, { content: string | null; turn: number }>;
  /** What became of orders, oldest first; in a follow-up its own. */
  ordered: OrderResult[];
  /** What was said and found since the stage was done; null before the first follow-up. */
  followUp: FollowUpView | null;
}

export interface FollowUpView {
  /** What the person said in this follow-up, oldest first. */
  asked: string[];
  /** Results by what was read or queried: a path, or a statement; null where it failed. */
  found: Map<string, string | null>;
  /** What became of orders, oldest first. */
  ordered?: readonly OrderResult[];
}
