/** What to change after a script failed: read from its traceback, never the same thing again. */

import type { PlaybookName } from './facts.ts';
import type { Parameters } from './playbooks.ts';
import type { ScriptRun } from './stage-view.ts';

export interface Repair {
  used: Parameters;
  /** What is said about it. */
  say: string;
}

/** After so many failures of one script the stage is ended honestly instead. */
export const MOST_FAILURES = 4;

/** Sizes that a slower or smaller machine can do; parameters that a script does not have are left out. */
const SMALLER: Record<string, (value: number, round: number) => number> = {
  max_rows: (value, round) => Math.max(200, Math.floor(value / 4 ** round)),
  repeats: (value, round) => Math.max(1, Math.floor(value / 3 ** round)),
  show_columns: (value, round) => Math.max(20, Math.floor(value / 4 ** round)),
};

/** Parameters for another try after `failures` (at least one), the newest last. */
export function repairAfter(name: PlaybookName, wanted: Parameters, failures: readonly ScriptRun[]): Repair {
  const output = failures.at(-1)?.output ?? '';
  const problem = lastError(output);
  const round = failures.length;
  if (name === 'eda_profile') {
    const reading = repairReading(wanted, problem, round);
    if (reading) return reading;
  }
  const used = { ...wanted, ...smaller(wanted, round) };
  if ('plain' in wanted) used.plain = true;
  if ('target_encode' in wanted && round >= 2) used.target_encode = [];
  if ('candidates' in wanted && round >= 2) used.candidates = ['dummy', 'linear', 'forest'];
  if ('chosen' in wanted && round >= 2) used.chosen = 'linear';
  if ('indicator' in wanted) used.indicator = false;
  const sizes = Object.keys(smaller(wanted, round));
  const what = sizes.length > 0 ? `with smaller ${sizes.join(', ')}` : 'in its plain form';
  return { used, say: `That failed: ${problem}. I run it again ${what}, attempt ${round + 1}.` };
}

/** Ends that a limit made: how the code took it says nothing, the host's sentence does. */
const LIMITS: Record<string, string> = {
  'exit: oom': 'MAX_MEMORY_BYTES',
  'exit: timeout': 'MAX_EXECUTION_SECONDS',
};

/**
 * What the host says of a limit, with the limit's name; else the exception's line of a traceback, or the exit line
 * when there is none; one line, at most 200 characters.
 */
export function lastError(output: string): string {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const limit = LIMITS[lines[0] ?? ''];
  const [said = ''] = (lines[1] ?? '').split('. ');
  if (limit && said) return `${said.slice(0, 160)} (${limit})`;
  const raised = lines.findLast((line) => /^[\w.]*(Error|Exception|Interrupt|Exit|Warning)\b/.test(line));
  const exit = lines.find((line) => line.startsWith('exit:'));
  return (raised ?? exit ?? 'it printed no findings').slice(0, 200);
}

function repairReading(wanted: Parameters, problem: string, round: number): Repair | null {
  if (/Unicode|codec|decode/i.test(problem)) {
    const encoding = round === 1 ? 'cp1252' : 'latin-1';
    return {
      used: { ...wanted, encoding },
      say: `The file is not in the encoding I took it for (${problem}); I read it as ${encoding}.`,
    };
  }
  if (/ParserError|tokeniz|Expected \d+ fields/i.test(problem)) {
    const used = { ...wanted, bad_lines: 'skip' };
    return {
      used,
      say: `Some lines have another number of fields (${problem}); I leave those lines out and will say so.`,
    };
  }
  return null;
}

function smaller(wanted: Parameters, round: number): Parameters {
  const sizes = Object.entries(SMALLER).flatMap(([key, shrink]) => {
    const value = wanted[key];
    return typeof value === 'number' ? [[key, shrink(value, round)] as const] : [];
  });
  return Object.fromEntries(sizes);
}
