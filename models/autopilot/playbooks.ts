/**
 * Playbooks: Python scripts with a PARAMETERS block. Rendering fills in the block and marks the first line, so that a
 * script found in a conversation can be told again. What they share they import from the SDK.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemperaError } from '../../core/errors.ts';
import { sha256 } from '../../core/ids.ts';
import type { PlaybookName } from './facts.ts';
import { toPythonLiteral } from './python-literal.ts';

export type Parameters = Record<string, unknown>;

/** Name of a playbook to its text. */
export type Playbooks = ReadonlyMap<string, string>;

const PARAMETERS_BLOCK = /# PARAMETERS\n(PARAMETERS: dict\[str, Any\] = )\{[\s\S]*?\n# END OF PARAMETERS\n/;

/** A parameter that a script cannot do without. */
const READ = /\bPARAMETERS\['(\w+)'\]/g;

/** Reads every playbook of the folder once. @throws INVALID_INPUT where it cannot be read */
export function readPlaybooks(folder: string): Playbooks {
  try {
    const names = readdirSync(folder).filter((file) => file.endsWith('.py'));
    return new Map(names.sort().map((file) => [file.slice(0, -3), readFileSync(join(folder, file), 'utf8')]));
  } catch (error) {
    throw new TemperaError('INVALID_INPUT', `Reading playbooks [${folder}]: the folder cannot be read.`, {
      cause: error,
    });
  }
}

/**
 * The script for `wanted`, run with `used` (the same unless a failure was repaired). The mark on the first line is
 * made of `wanted`, so that a repaired script still counts as the one that was wanted.
 */
export function renderPlaybook(
  playbooks: Playbooks,
  call: { name: PlaybookName; requested: Parameters; used: Parameters },
): string {
  const text = playbooks.get(call.name);
  if (text === undefined || !PARAMETERS_BLOCK.test(text)) {
    throw new TemperaError('INTERNAL', `Playbook [${call.name}] is missing or has no PARAMETERS block.`);
  }
  const unread = [...text.matchAll(READ)].flatMap(([, key = '']) => (key in call.used ? [] : [key]));
  if (unread.length > 0) {
    const message = `Playbook [${call.name}] reads the parameter [${unread[0]}], which was not given: read it by get.`;
    throw new TemperaError('INTERNAL', message);
  }
  const filled = text.replace(
    PARAMETERS_BLOCK,
    (_block, declared: string) =>
      `# PARAMETERS\n${declared}${toPythonLiteral(call.used)}\n# END OF PARAMETERS\n`,
  );
  return `${markOf(call.name, call.requested)}\n${filled}`;
}

/** First line of a rendered script. */
export function markOf(name: PlaybookName, requested: Parameters): string {
  return `# playbook ${name} ${sha256(JSON.stringify(requested)).slice(0, 12)}`;
}

/** The playbook and mark of a script, or null for one that was not rendered from a playbook. */
export function readMark(code: string): { name: string; mark: string } | null {
  const line = code.split('\n', 1)[0] ?? '';
  const name = /^# playbook (\w+) [0-9a-f]{12}$/.exec(line)?.[1];
  return name === undefined ? null : { name, mark: line };
}
