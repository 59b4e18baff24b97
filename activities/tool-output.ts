/** What a model sees of a tool's output: all of it when it is short, else its head, its tail, its size and a handle. */

import { MAX_REFUSED_NAMED } from '../core/events.ts';
import { headOf, tailOf } from '../core/lawful-text.ts';
import type { ExecutionExit } from '../core/ports/sandbox.ts';
import { terminalText } from '../core/terminal-text.ts';
import type { CapturedOutput } from './output-capture.ts';

type Shown = Pick<CapturedOutput, 'shown' | 'bytes' | 'printed'>;

/** Where read_file finds an output that was too long to show: `output:{step}/stdout`. */
export const outputHandle = (step: string, stream: 'stdout' | 'stderr'): string => `output:${step}/${stream}`;

/** @param limit characters kept of the head and of the tail */
export function shortened(text: string, limit: number, handle: string): string {
  if (text.length <= 2 * limit) return text;
  const left = text.length - 2 * limit;
  const note = `\n… ${left} of ${text.length} characters left out; read_file path="${handle}" shows them …\n`;
  return headOf(text, limit) + note + tailOf(text, limit);
}

/** The tool result of an execution, for the agent. */
export function executionResult(
  exit: ExecutionExit,
  output: { stdout: Shown; stderr: Shown },
  { step, limit, unkept = [] }: { step: string; limit: number; unkept?: readonly string[] },
): string {
  const parts = [`exit: ${exit.status}`];
  if (exit.message) parts.push(exit.message);
  for (const stream of ['stdout', 'stderr'] as const) {
    const { shown, bytes, printed } = output[stream];
    // of what is longer than its limit the host keeps head and tail; the places of the bytes tell how much there was
    const size =
      printed > bytes.length ? ` (${printed} bytes were printed; head and tail of them are kept)` : '';
    if (shown) parts.push(`${stream}${size}:\n${shortened(shown, limit, outputHandle(step, stream))}`);
  }
  const traceback = terminalText(exit.traceback);
  if (traceback && !output.stderr.shown.includes(traceback.trim())) parts.push(traceback);
  if (exit.filesChanged.length > 0) parts.push(`files: ${exit.filesChanged.slice(0, 100).join(', ')}`);
  if (unkept.length > 0) {
    const named = unkept.slice(0, MAX_REFUSED_NAMED);
    const more = unkept.length - named.length;
    parts.push(
      `NOT KEPT, and gone for the next call: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    );
  }
  return parts.join('\n');
}
