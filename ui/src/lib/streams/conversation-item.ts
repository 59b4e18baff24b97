/** What a conversation consists of. Items are replaced, never changed, so that a view sees what is new by identity. */

import type { TerminalLine } from '../../../../core/terminal-text.ts';
import type { Stage } from './log-event.ts';

interface Placed {
  id: string;
  /** number of the event that made it: its place; 0 for text that is still being written */
  seq: number;
  stage: Stage | null;
  run: number | null;
  /** ISO time; '' while unknown */
  at: string;
}

export interface AgentItem extends Placed {
  kind: 'agent';
  text: string;
  /** true until the final message has come */
  streaming: boolean;
}

/** What the model thought before it said something, as far as its provider shows it. */
export interface ThinkingItem extends Placed {
  kind: 'thinking';
  text: string;
  /** true while it thinks */
  streaming: boolean;
  /** the provider keeps some of it back, or all where there is no text */
  withheld: boolean;
  durationMs: number | null;
}

export interface UserItem extends Placed {
  kind: 'user';
  text: string;
}

/** What a step printed, as a terminal shows it. */
export interface CapturedText {
  /** the plain text of `lines` */
  text: string;
  /** with their colours */
  lines: readonly TerminalLine[];
  /** characters that were cut from the front */
  cut: number;
}

export interface ToolItem extends Placed {
  kind: 'tool';
  tool: string;
  title: string;
  input: Record<string, unknown>;
  state: 'running' | 'done' | 'failed';
  /** 1 for a step that ran once */
  execution: number;
  stdout: CapturedText;
  stderr: CapturedText;
  /** what the agent was told; '' while it runs */
  result: string;
  durationMs: number | null;
  files: string[];
  checkpoint: { id: string; files: number; bytes: number } | null;
}

interface Asked extends Placed {
  text: string;
  state: 'open' | 'sending' | 'answered' | 'closed';
  answer: string | null;
  /** who gave it and when (ISO time); null until the platform has said so */
  answeredBy: string | null;
  answeredAt: string | null;
  problem: string | null;
}

export interface QuestionItem extends Asked {
  kind: 'question';
  choices: string[];
}

export interface ApprovalItem extends Asked {
  kind: 'approval';
}

export interface ValidationItem extends Placed {
  kind: 'validation';
  passed: string[];
  warnings: string[];
  errors: string[];
}

export interface BoundaryItem extends Placed {
  kind: 'boundary';
  text: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
}

export interface NoticeItem extends Placed {
  kind: 'notice';
  tone: 'plain' | 'attention' | 'error';
  code: string;
  text: string;
}

export type ConversationItem =
  | AgentItem
  | ThinkingItem
  | UserItem
  | ToolItem
  | QuestionItem
  | ApprovalItem
  | ValidationItem
  | BoundaryItem
  | NoticeItem;

export type AskItem = QuestionItem | ApprovalItem;

export const NOTHING_CAPTURED: CapturedText = { text: '', lines: [], cut: 0 };
