/** The W3C trace context of the activity that runs, from the headers that its workflow passed on. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { TRACE_HEADER } from '../workflows/contract/trace.ts';

const traces = new AsyncLocalStorage<string>();

/** Runs `work` under the trace context in `headers`; without one it runs as it is. */
export function withTraceContext<T>(headers: Record<string, Payload>, work: () => T): T {
  const header = headers[TRACE_HEADER];
  const trace = header === undefined ? null : defaultPayloadConverter.fromPayload<unknown>(header);
  return typeof trace === 'string' ? traces.run(trace, work) : work();
}

/** The trace context here, '' where there is none. */
export function traceContext(): string {
  return traces.getStore() ?? '';
}
