/**
 * The port to a language model. Its message form is the Messages API's: it is what every provider adapter
 * translates from and to, so that the agent loop knows no provider.
 */

import type { ProviderCause } from '../session-state.ts';

export interface TextBlock {
  type: 'text';
  text: string;
}
/** Kept and sent back byte for byte: the provider checks `signature`. */
export interface ThinkingBlock {
  type: 'thinking';
  thinking: string;
  signature: string;
}
export interface RedactedThinkingBlock {
  type: 'redacted_thinking';
  data: string;
}
export interface ToolUseBlock {
  type: 'tool_use';
  id: string;
  name: string;
  input: Record<string, unknown>;
}
export interface ToolResultBlock {
  type: 'tool_result';
  tool_use_id: string;
  content: string;
  is_error?: boolean;
}
export type AssistantBlock = TextBlock | ThinkingBlock | RedactedThinkingBlock | ToolUseBlock;
export type UserBlock = TextBlock | ToolResultBlock;

export type ModelMessage =
  | { role: 'user'; content: UserBlock[] }
  | { role: 'assistant'; content: AssistantBlock[] };

export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema of the input object. */
  input_schema: Record<string, unknown>;
}

export const STOP_REASONS = [
  'end_turn',
  'tool_use',
  'max_tokens',
  'stop_sequence',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** Tokens of one call, as the provider bills them. */
export interface TokenUsage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export interface ModelRequest {
  /** The provider's own name of the model, without the provider's prefix. */
  model: string;
  system: string;
  messages: ModelMessage[];
  tools: ToolDefinition[];
  /** Upper bound of the answer's tokens. */
  maxTokens: number;
}

export interface ModelAnswer {
  content: AssistantBlock[];
  stopReason: StopReason;
  usage: TokenUsage;
  /** US dollars, by the provider's price list; 0 for the offline model. */
  cost: number;
}

export interface ModelCallOptions {
  signal: AbortSignal;
  /** Text as it arrives; `offset` counts UTF-16 units of text from the start of this answer. */
  onText: (text: string, offset: number) => void;
  /** Thinking as it arrives, counted apart from text. An empty piece says that the model thinks, but not what. */
  onThinking?: (text: string, offset: number) => void;
}

/** What an answer used that came, wholly or in part, and cannot be kept. */
export interface Delivered {
  usage: TokenUsage;
  /** US dollars, estimated where the provider did not say what was used. */
  cost: number;
}

/** What is known of a provider's failure: the details of the TemperaError that tells of it. */
export type ModelFailure = {
  /** Why it does not answer, by what mends it; absent where neither time nor a person does. */
  cause?: ProviderCause;
  /** The provider's own words. */
  said?: string;
  /** Of an answer that had begun. */
  delivered?: Delivered;
  /** How much too long a conversation is, the longest that fits being 1; absent where the provider does not say. */
  excess?: number;
};

/**
 * One provider. Expected failures are TemperaErrors with a ModelFailure as details: MODEL_QUOTA (with retryAfter),
 * MODEL_UNAVAILABLE, MODEL_AUTHENTICATION, MODEL_REQUEST. It never retries by itself: a retry is the workflow's.
 */
export interface LanguageModel {
  /** True when nothing of a request leaves this machine: data_sharing does not bind it. Default false. */
  readonly offline?: boolean;
  /** True when all its scripts are the platform's own: what the SDK tells of rules in them is so. Default false. */
  readonly runsPlaybooks?: boolean;
  /** The model of sessions that name only the provider. Default: the provider's own name. */
  readonly usual?: string;
  complete(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer>;
  /** What a request used at least of which nobody knows what became of it: its input. Default: nothing. */
  estimate?(request: ModelRequest): Delivered;
  /** What a request uses at most: its input, and the longest answer. Default: what it uses at least. */
  bound?(request: ModelRequest): Delivered;
  /** The models it offers, `id` being what ModelRequest.model takes. */
  list(): Promise<{ id: string; name: string }[]>;
}

/** Provider name (`autopilot`, `anthropic`) to provider; a session's model is `provider/model`. */
export type LanguageModels = ReadonlyMap<string, LanguageModel>;
