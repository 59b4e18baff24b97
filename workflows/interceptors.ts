/** Carries the trace context of the last command into everything that the workflow schedules. */

import type { Payload } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADER } from './contract/trace.ts';

/** One set a workflow; the closure is its memory. */
export const interceptors = (): WorkflowInterceptors => {
  let trace: Payload | undefined;
  const traced = <Input extends { headers: Record<string, Payload> }>(input: Input): Input =>
    trace === undefined ? input : { ...input, headers: { ...input.headers, [TRACE_HEADER]: trace } };
  return {
    inbound: [
      {
        execute(input, next) {
          trace = input.headers[TRACE_HEADER] ?? trace;
          return next(input);
        },
        handleUpdate(input, next) {
          trace = input.headers[TRACE_HEADER] ?? trace;
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        continueAsNew: (input, next) => next(traced(input)),
      },
    ],
  };
};
