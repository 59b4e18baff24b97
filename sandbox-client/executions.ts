/** Executions of a host: started or attached to by their id, read as a stream of spooled chunks. */

import type { ClientReadableStream } from '@grpc/grpc-js';
import { TemperaError } from '../core/errors.ts';
import {
  EXIT_STATUSES,
  type ExecutionChunk,
  type ExecutionExit,
  type Executions,
  type ExitStatus,
} from '../core/ports/sandbox.ts';
import {
  type Exit,
  type ExecutionChunk as Message,
  Output_Stream,
} from '../proto/generated/tempera/v1/sandbox.ts';
import type { Connection } from './connection.ts';
import { received } from './streams.ts';

export function createExecutions(connection: Connection): Executions {
  const { client } = connection;
  return {
    start(request, signal) {
      const {
        sessionId,
        epoch,
        executionId,
        base,
        code,
        scriptPath,
        timeoutMs,
        environment,
        limits,
        traceContext,
      } = request;
      const message = {
        executionId,
        sessionId,
        epoch,
        base,
        code,
        scriptPath,
        timeoutMs,
        environment,
        limits,
        traceContext,
        kernel: request.kernel?.name ?? '',
        kernelGeneration: request.kernel?.generation ?? '',
        affinity: '',
        cpuSeconds: 0,
        gpus: request.gpus ?? 0,
        decisionsJson: request.decisions ?? '',
      };
      return chunks(
        () => client.executeStream(message, connection.metadata()),
        `Starting execution [${executionId}]`,
        signal,
      );
    },
    attach({ executionId, epoch, fromOffset }, signal) {
      return chunks(
        () => client.attach({ executionId, epoch, fromOffset }, connection.metadata()),
        `Attaching to execution [${executionId}]`,
        signal,
      );
    },
    async interrupt(executionId, epoch, killAfterMs) {
      await connection.unary(
        client.interrupt,
        { executionId, epoch, killAfterMs },
        { attempted: `Interrupting execution [${executionId}]` },
      );
    },
    async acknowledge(executionId, epoch, checkpoint) {
      await connection.unary(
        client.acknowledge,
        { executionId, epoch, checkpoint },
        { attempted: `Acknowledging execution [${executionId}]` },
      );
    },
    async runTool({ sessionId, experimentId, tool, parameters, timeoutMs = 30_000 }) {
      const request = { sessionId, experimentId, tool, paramsJson: JSON.stringify(parameters), timeoutMs };
      // the host's own limit comes first; this one is for a host that has fallen silent
      const response = await connection.unary(client.execute, request, {
        attempted: `Running ${tool} in session [${sessionId}]`,
        timeoutMs: timeoutMs + 10_000,
      });
      const result: unknown = JSON.parse(response.resultJson);
      if (typeof result !== 'object' || result === null)
        throw new TemperaError('INTERNAL', `${tool} returned no object.`);
      return result as Record<string, unknown>;
    },
  };
}

async function* chunks(
  open: () => ClientReadableStream<Message>,
  attempted: string,
  signal: AbortSignal,
): AsyncGenerator<ExecutionChunk> {
  for await (const message of received(open, attempted, signal)) {
    const chunk = toChunk(message);
    if (chunk) yield chunk;
  }
}

function toChunk({ offset, payload }: Message): ExecutionChunk | null {
  switch (payload?.$case) {
    case 'started': {
      const { kernelGeneration: generation, kernelNew: isNew, kernelLost: lost } = payload.value;
      return {
        offset,
        kind: 'started',
        ...(generation === '' ? {} : { kernel: { generation, isNew, lost } }),
      };
    }
    case 'output': {
      const { stream, data, byteOffset } = payload.value;
      return {
        offset,
        kind: 'output',
        stream: stream === Output_Stream.STDERR ? 'stderr' : 'stdout',
        data,
        byteOffset,
      };
    }
    case 'metrics':
      return {
        offset,
        kind: 'metrics',
        items: payload.value.items.map(({ step, name, value, runTag }) => ({
          step,
          name,
          value,
          run_tag: runTag,
        })),
      };
    case 'chartConfigJson':
      return { offset, kind: 'charts', json: payload.value };
    case 'richLogJson':
      return { offset, kind: 'rich', json: payload.value };
    case 'decisionJson':
      return { offset, kind: 'decision', json: payload.value };
    case 'exit':
      return { offset, kind: 'exit', exit: toExit(payload.value) };
    default:
      return null; // a newer host may send kinds that this client does not know
  }
}

function toExit(exit: Exit): ExecutionExit {
  const {
    code,
    signal,
    durationUs,
    cpuUs,
    peakMemoryBytes,
    errorName,
    errorValue,
    traceback,
    message,
    filesChanged,
    kernelLost,
  } = exit;
  return {
    status: toStatus(exit.status),
    code,
    signal,
    durationUs,
    cpuUs,
    peakMemoryBytes,
    errorName,
    errorValue,
    traceback,
    message,
    filesChanged,
    kernelLost,
  };
}

function toStatus(status: string): ExitStatus {
  return EXIT_STATUSES.find((known) => known === status) ?? 'crashed';
}
