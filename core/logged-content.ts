/**
 * What a script may log, as every reader can keep it. The SDK refuses anything else and the host drops it
 * (sandbox/tempera/_channel.py, sandbox/tempera_sandbox/executions/logged.py); a worker trusts neither.
 */

import type { LoggedMetric } from './ports/sandbox.ts';

/** Characters of the name of a metric, run, chart or table. */
export const LONGEST_NAME = 200;
/** Bytes of one message of the SDK: of a dashboard, or a table that is shown. */
export const LARGEST_MESSAGE = 128 * 1024;

/** Why a point cannot be kept; null when it can. A value may be NaN or infinite. */
export function unkeepable(item: LoggedMetric): string | null {
  if (!Number.isSafeInteger(item.step)) return 'the step is no whole number that JSON keeps exactly';
  if (!isName(item.name) || !isName(item.run_tag))
    return `a name is no text of at most ${LONGEST_NAME} characters`;
  return typeof item.value === 'number' ? null : 'the value is no number';
}

/** Characters are counted as people count them: an emoji is one of them, however many units it takes here. */
function isName(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return (
    value.length <= LONGEST_NAME || (value.length <= 2 * LONGEST_NAME && [...value].length <= LONGEST_NAME)
  );
}
