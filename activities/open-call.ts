/** A tool call whose step is open. */

import type { Step } from '../core/records.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';

export interface OpenCall {
  call: ToolCall;
  step: Step;
  epoch: number;
  input: Record<string, unknown>;
  startedMs: number;
}
