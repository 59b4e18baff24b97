/** A session's own tools: registered as Python source, listed, called as a stream of decoded answers. */

import type { WorkspaceKey } from '../core/ports/sandbox.ts';
import type { ToolDescription } from '../proto/generated/tempera/v1/sandbox.ts';
import type { Connection } from './connection.ts';
import { received } from './streams.ts';
import { decodeToolChunk, type ToolAnswer } from './tool-chunks.ts';

const STREAM_TIMEOUT_MS = 300_000;
/** Of the host's own limit before this side's, so that the host's error is the one that is seen. */
const GRACE_MS = 5_000;

export interface ToolCallRequest {
  sessionId: string;
  tool: string;
  parameters: Record<string, unknown>;
  /** Milliseconds until the host ends the call. Default 300,000. */
  timeoutMs?: number;
  /** W3C traceparent. */
  traceContext?: string;
}

export interface StreamedTools {
  /** Functions of the source that are marked `@tempera.tool`. @throws TemperaError INVALID_INPUT */
  register(key: WorkspaceKey, module: string, source: string): Promise<ToolDescription[]>;
  /** The built-in tools and the session's own. */
  list(sessionId: string): Promise<ToolDescription[]>;
  /**
   * What the tool yields, the final answer last; ending the iteration ends the call. A slow reader slows the tool.
   * @throws TemperaError INVALID_INPUT, NOT_FOUND, LIMIT_REACHED, SANDBOX_TIMEOUT, or INTERNAL when the tool failed
   */
  call(request: ToolCallRequest, signal?: AbortSignal): AsyncGenerator<ToolAnswer>;
}

export function createStreamedTools(connection: Connection): StreamedTools {
  const { client } = connection;
  return {
    async register({ sessionId, epoch }, module, source) {
      const request = { sessionId, epoch, module, source };
      const attempted = `Registering tools [${module}] in session [${sessionId}]`;
      return (await connection.unary(client.registerTools, request, { attempted })).tools;
    },
    async list(sessionId) {
      const attempted = 'Listing tools';
      return (await connection.unary(client.listTools, { sessionId }, { attempted })).tools;
    },
    async *call(request, signal) {
      const { sessionId, tool, parameters, timeoutMs = STREAM_TIMEOUT_MS, traceContext = '' } = request;
      const message = { sessionId, tool, paramsJson: JSON.stringify(parameters), timeoutMs, traceContext };
      const deadline = Date.now() + timeoutMs + GRACE_MS;
      const open = () => client.streamTool(message, connection.metadata(), { deadline });
      const attempted = `Calling tool [${tool}] in session [${sessionId}]`;
      for await (const chunk of received(open, attempted, signal)) yield decodeToolChunk(chunk);
    },
  };
}
