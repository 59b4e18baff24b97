/** What an execution of a step's code is to be, and what came of it. */

import type { Decision } from '../core/decisions.ts';
import type { ExecutionExit } from '../core/ports/sandbox.ts';
import type { Step } from '../core/records.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import type { CapturedOutput } from './output-capture.ts';
import type { OpenWorkspace } from './workspaces.ts';

export interface ExecutionPlan {
  call: ToolCall;
  step: Step;
  epoch: number;
  workspace: OpenWorkspace;
  code: string;
  scriptPath: string;
  /** 1: it runs on a GPU of its own. */
  gpus: number;
  /** The decisions as they stood where the step began. */
  ledger: Decision[];
  /** The platform's own agent wrote the code. */
  isOurs: boolean;
}

export interface EndedExecution {
  execution: number;
  exit: ExecutionExit;
  stdout: CapturedOutput;
  stderr: CapturedOutput;
}
