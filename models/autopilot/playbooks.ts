/**
 * Playbooks: Python scripts with a PARAMETERS block. Rendering replaces the block, puts the shared parts in place of
 * their `# include:` lines and marks the first line, so that a script found in a conversation can be told again.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemperaError } from '../../core/errors.ts';
import { sha256 } from '../../core/ids.ts';
import type { PlaybookName } from './facts.ts';
import { toPythonLiteral } from './python-literal.ts';

export type Parameters = Record<string, unknown>;

/** Name of a playbook to its text, parts included. */
export type Playbooks = ReadonlyMap<string, string>;

const PARAMETERS_BLOCK = /# PARAMETERS\nPARAMETERS = \{[\s\S]*?\n# END OF PARAMETERS\n/;

/** Reads every playbook of the folder once. Throws INVALID_INPUT when one includes a part that is not there. */
export function readPlaybooks(folder: string): Playbooks {
  const parts = readScripts(join(folder, 'parts'));
  const whole = [...readScripts(folder)].map(([name, text]) => [name, withParts(name, text, parts)] as const);
  return new Map(whole);
}

/**
 * The script for `wanted`, run with `used` (the same unless a failure was repaired). The mark on the first line is
 * made of `wanted`, so that a repaired script still counts as the one that was wanted.
 */
export function renderPlaybook(
  playbooks: Playbooks,
  call: { name: PlaybookName; wanted: Parameters; used: Parameters },
): string {
  const text = playbooks.get(call.name);
  if (text === undefined || !PARAMETERS_BLOCK.test(text)) {
    throw new TemperaError('INTERNAL', `Playbook [${call.name}] is missing or has no PARAMETERS block.`);
  }
  const block = `# PARAMETERS\nPARAMETERS = ${toPythonLiteral(call.used)}\n# END OF PARAMETERS\n`;
  return `${markOf(call.name, call.wanted)}\n${text.replace(PARAMETERS_BLOCK, () => block)}`;
}

/** First line of a rendered script. */
export function markOf(name: PlaybookName, wanted: Parameters): string {
  return `# playbook ${name} ${sha256(JSON.stringify(wanted)).slice(0, 12)}`;
}

/** The playbook and mark of a script, or null for one that was not rendered from a playbook. */
export function readMark(code: string): { name: string; mark: string } | null {
  const line = code.split('\n', 1)[0] ?? '';
  const name = /^# playbook (\w+) [0-9a-f]{12}$/.exec(line)?.[1];
  return name === undefined ? null : { name, mark: line };
}

function withParts(name: string, text: string, parts: ReadonlyMap<string, string>): string {
  return text.replace(/^# include: (\w+)\n/gm, (_line, part: string) => {
    const found = parts.get(part);
    if (found === undefined) {
      throw new TemperaError(
        'INVALID_INPUT',
        `Playbook [${name}] includes [${part}], which is not in parts/.`,
      );
    }
    return found;
  });
}

function readScripts(folder: string): Map<string, string> {
  try {
    const names = readdirSync(folder).filter((file) => file.endsWith('.py'));
    return new Map(names.sort().map((file) => [file.slice(0, -3), readFileSync(join(folder, file), 'utf8')]));
  } catch (error) {
    throw new TemperaError('INVALID_INPUT', `Reading playbooks [${folder}]: the folder cannot be read.`, {
      cause: error,
    });
  }
}
