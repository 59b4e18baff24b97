/** What a script may tell the server to do with a call. */

import type { AssistantBlock, StopReason } from '../../core/ports/model.ts';
import type { MessagesRequest } from './wire.ts';

/** Thinking without a signature: the server signs it. */
export interface UnsignedThinking {
  type: 'thinking';
  thinking: string;
}
/** Thinking that is sent as it stands here, with a signature that the server does not know, or none. */
export interface RawThinking {
  type: 'raw_thinking';
  thinking: string;
  signature: string;
}
/** Thinking that the server sends redacted. */
export interface UnredactedThinking {
  type: 'redacted_thinking';
  thinking: string;
}
/** A tool call whose JSON is sent as it stands here, well-formed or not. */
export interface RawToolUse {
  type: 'raw_tool_use';
  id: string;
  name: string;
  json: string;
}
export type ScriptedBlock =
  | Extract<AssistantBlock, { type: 'text' | 'tool_use' }>
  | UnsignedThinking
  | RawThinking
  | UnredactedThinking
  | RawToolUse;

export interface ScriptedAnswer {
  kind: 'answer';
  content: ScriptedBlock[];
  /** Default: `tool_use` when there is a tool call, else `end_turn`. */
  stopReason?: StopReason;
  /** Milliseconds between two events of the stream. Default 0. */
  pause?: number;
  /** Ends the connection after this many events, without message_stop. Default: never. */
  cutAfter?: number;
  /** Sends an `error` event of this type after `cutAfter` events and ends the stream properly. */
  errorEvent?: { type: string; message: string };
  /** Leaves the `event:` lines out and ends with `data: [DONE]`, as some gateways do. */
  dataOnly?: boolean;
  /** Sends, before the last events, one whose shape is not the protocol's: the answer is complete, and unreadable. */
  garbled?: boolean;
  /** Called when this many events are out; the stream waits for it. Lets a test act in mid-stream. */
  midway?: { after: number; wait: () => Promise<void> };
}

export interface ScriptedFailure {
  kind: 'failure';
  status: number;
  /** The error's type, e.g. `overloaded_error`. */
  type: string;
  message?: string;
  /** The retry-after header: seconds or an HTTP date. */
  retryAfter?: string;
}

/** Takes the request and never answers. */
export interface ScriptedSilence {
  kind: 'silence';
}

export type Reply = ScriptedAnswer | ScriptedFailure | ScriptedSilence;

/** Decides what becomes of call number `call` (1, 2 …), whose request has passed the API's rules. */
export type Script = (request: MessagesRequest, call: number) => Reply | Promise<Reply>;

/** A script from a list of replies; a call beyond its end is answered 500, which fails the test that made it. */
export function inOrder(replies: Reply[]): Script {
  return (_request, call) =>
    replies[call - 1] ?? {
      kind: 'failure',
      status: 500,
      type: 'api_error',
      message: `the script has ${replies.length} replies, this is call ${call}`,
    };
}

/** An answer of text alone. */
export function say(text: string): ScriptedAnswer {
  return { kind: 'answer', content: [{ type: 'text', text }] };
}

const FAILURE_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

/** What an account without credit is answered: status 400, as for a request that is wrong. */
export function outOfCredit(): ScriptedFailure {
  const message =
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & ' +
    'Billing to upgrade or purchase credits.';
  return { ...fail(400), message };
}

/** A failure with the type that belongs to `status`. */
export function fail(status: number, retryAfter?: string): ScriptedFailure {
  return {
    kind: 'failure',
    status,
    type: FAILURE_TYPES[status] ?? 'api_error',
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
