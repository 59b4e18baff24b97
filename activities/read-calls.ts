/** Tool calls that only read: built-in tools over the workspace, and outputs that were too long to show. */

import { TemperaError } from '../core/errors.ts';
import { headOf } from '../core/lawful-text.ts';
import { scriptOutput } from '../core/step-output.ts';
import { getLease, getStep } from '../db/index.ts';
import { ownerOf } from './keys.ts';
import type { OpenCall } from './open-call.ts';
import { OutputCapture } from './output-capture.ts';
import type { ActivityPorts } from './ports.ts';
import { shortened } from './tool-output.ts';
import { openWorkspace, restoreBase } from './workspaces.ts';

export interface ReadResult {
  content: string;
  isError: boolean;
}

/** Refusals that the agent can mend; everything else is the platform's to retry. */
const AGENT_ERRORS = [
  'INVALID_INPUT',
  'INVALID_PATH',
  'INVALID_SQL',
  'NOT_FOUND',
  'QUERY_TIMEOUT',
  'SANDBOX_TIMEOUT',
  'TOO_LARGE',
  'LIMIT_REACHED',
  'INVALID_DATASET',
  // the tool crashed over this input: the agent can ask otherwise
  'INTERNAL',
  'UNSUPPORTED_TYPE',
];

/** Runs a built-in tool over the workspace at the call's base. */
export async function readWorkspace(
  ports: ActivityPorts,
  { call, epoch, input }: OpenCall,
): Promise<ReadResult> {
  const lease = await getLease(ports.database, call.sessionId);
  // reads run together: they share the lease's epoch, so that none fences another
  const workspace = await openWorkspace(ports, call, { epoch: lease?.epoch ?? epoch });
  await restoreBase(ports, workspace, call.base);
  const request = {
    sessionId: call.sessionId,
    experimentId: workspace.experiment.id,
    tool: call.call.name,
    parameters: input,
  };
  try {
    const result = await workspace.host.executions.runTool(request);
    const content = typeof result.text === 'string' ? result.text : JSON.stringify(result);
    return { content: shortened(content, ports.settings.outputHeadBytes, 'a narrower call'), isError: false };
  } catch (error) {
    if (error instanceof TemperaError && AGENT_ERRORS.includes(error.code))
      return { content: error.message, isError: true };
    throw error;
  }
}

/** An output as a terminal shows it, read piece by piece so that a long one holds nobody up. */
async function shownText(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const capture = new OutputCapture();
  for await (const piece of bytes) capture.add(piece);
  return capture.whole.shown;
}

/**
 * A piece of a stored output; `handle` is `output:{step}/{stdout|stderr}`, the input's offset and limit count
 * characters.
 */
export async function readOutput(
  ports: ActivityPorts,
  opened: OpenCall,
  handle: string,
): Promise<ReadResult> {
  const [, id = '', stream = ''] = /^output:([0-9a-f-]{36})\/(stdout|stderr)$/.exec(handle) ?? [];
  if (id === '')
    return {
      content: `'${handle}' is no output. Its form is output:{step}/stdout or output:{step}/stderr.`,
      isError: true,
    };
  const step = await getStep(ports.database, ownerOf(opened.call), id);
  if (step?.session_id !== opened.call.sessionId)
    return { content: `There is no step ${id} in this session.`, isError: true };
  const { stdout_blob, stderr_blob } = scriptOutput(step);
  const blob = stream === 'stdout' ? stdout_blob : stderr_blob;
  if (blob === undefined) return { content: `Step ${id} left no long ${stream}.`, isError: true };
  const whole = await shownText(ports.blobs.get(blob));
  const offset = Number(opened.input.offset ?? 0);
  const limit = Math.min(
    Number(opened.input.limit ?? ports.settings.outputHeadBytes),
    2 * ports.settings.outputHeadBytes,
  );
  return {
    content:
      `characters ${offset} to ${Math.min(offset + limit, whole.length)} of ${whole.length}:\n` +
      headOf(whole.slice(offset), limit),
    isError: false,
  };
}
