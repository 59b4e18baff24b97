/**
 * What to change after a script failed: read from how it ended, never the same thing again. Changes add up: a
 * script that
 * was repaired for one failure stays so while it is repaired for the next.
 */

import type { PlaybookName } from './facts.ts';
import type { Parameters } from './playbooks.ts';
import { type Problem, problemOf } from './stages/problem.ts';
import type { ScriptExecution } from './view.ts';

export interface Repair {
  used: Parameters;
  /** What is said about it. */
  say: string;
}

/** After so many failures of one script the stage is ended honestly instead. */
export const MOST_FAILURES = 4;

/** A parameter with another value, and what that is called. */
interface Change {
  value: unknown;
  words: string;
}
type Changes = Record<string, Change>;

/**
 * Parameters for another try after `failures` (at least one, the newest last); null where nothing is left to
 * change: the
 * same script would fail the same way.
 */
export function repairAfter(
  name: PlaybookName,
  requested: Parameters,
  failures: readonly ScriptExecution[],
): Repair | null {
  const tried = [requested];
  let made: Changes = {};
  for (const [at, { output }] of failures.entries()) {
    const before = tried.at(-1) ?? requested;
    const changes = changesFor(name, requested, { problem: problemOf(output), round: at + 1 });
    made = Object.fromEntries(
      Object.entries(changes).filter(([key, { value }]) => key in requested && !isSame(before[key], value)),
    );
    const values = Object.entries(made).map(([key, { value }]) => [key, value] as const);
    tried.push({ ...before, ...Object.fromEntries(values) });
  }
  const used = tried.at(-1) ?? requested;
  if (tried.slice(0, -1).some((before) => isSame(before, used))) return null;
  const { words } = problemOf(failures.at(-1)?.output ?? '');
  const how = [...new Set(Object.values(made).map((change) => change.words))].join(' and ');
  return { used, say: `That did not work: ${words}. I run it again ${how}, attempt ${failures.length + 1}.` };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function changesFor(
  name: PlaybookName,
  requested: Parameters,
  { problem, round }: { problem: Problem; round: number },
): Changes {
  const reading = name === 'eda_profile' ? readingFor(problem, round) : null;
  return reading ?? { ...smaller(requested, round), ...plainer(requested, round) };
}

function readingFor({ kind }: Problem, round: number): Changes | null {
  if (kind === 'encoding') {
    const encoding = round === 1 ? 'cp1252' : 'latin-1';
    return { encoding: { value: encoding, words: `as text in ${encoding}` } };
  }
  if (kind === 'lines')
    return { bad_lines: { value: 'skip', words: 'without those lines, and will say how many they are' } };
  return null;
}

/** Sizes that a slower or smaller machine can do; parameters that a script does not have are left out. */
const SIZES: Record<string, { least: number; divisor: number; words: string }> = {
  max_rows: { least: 200, divisor: 4, words: 'on fewer rows' },
  repeats: { least: 1, divisor: 3, words: 'with fewer repeats' },
  show_columns: { least: 20, divisor: 4, words: 'telling of fewer columns' },
};

function smaller(requested: Parameters, round: number): Changes {
  const changes: Changes = {};
  for (const [key, { least, divisor, words }] of Object.entries(SIZES)) {
    const value = requested[key];
    if (typeof value !== 'number' || value <= least) continue;
    changes[key] = { value: Math.max(least, Math.floor(value / divisor ** round)), words };
  }
  return changes;
}

/** Simpler ways to the same end, the simplest last. */
function plainer(requested: Parameters, round: number): Changes {
  const all: Record<string, Change & { from: number }> = {
    plain: { value: true, words: 'in its plain form', from: 1 },
    indicator: { value: false, words: 'without marks for missing values', from: 1 },
    target_encode: { value: [], words: 'without encoding categories by the target', from: 2 },
    candidates: { value: ['dummy', 'linear', 'forest'], words: 'with fewer candidates', from: 2 },
    chosen: { value: 'linear', words: 'with a linear model', from: 2 },
  };
  return Object.fromEntries(
    Object.entries(all).filter(([key, { from }]) => key in requested && round >= from),
  );
}
