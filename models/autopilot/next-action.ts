/** What a policy may decide next, and the one way in which a script is asked for, awaited and repaired. */

import type { DecisionChange } from '../../core/decision-changes.ts';
import type { Findings, PlaybookName } from './facts.ts';
import { markOf, type Parameters } from './playbooks.ts';
import { MOST_FAILURES, repairAfter } from './repair.ts';
import { failuresOf, findingsOf } from './stage-view.ts';
import { problemOf } from './stages/problem.ts';
import type { ScriptExecution, StageView } from './view.ts';

export interface ScriptCall<Name extends PlaybookName = PlaybookName> {
  name: Name;
  title: string;
  /** What is said before it runs. */
  say: string;
  requested: Parameters;
  /** It trains on a GPU: it waits for a slot that has one. */
  gpu?: boolean;
}

/** What a person has ordered, as it is put into the ledger. */
export interface LedgerRequest {
  /** The person's words. */
  spoken: string;
  changes: readonly DecisionChange[];
  /** The last change is taken back. */
  undo: boolean;
}

export type NextAction =
  | {
      do: 'run';
      say: string;
      call: { name: PlaybookName; title: string; requested: Parameters; used: Parameters; gpu?: boolean };
    }
  | { do: 'ask'; say: string; question: string; choices: string[] }
  | { do: 'decide'; say: string; orders: readonly LedgerRequest[] }
  | { do: 'read'; say: string; path: string }
  | { do: 'query'; say: string; sql: string }
  | { do: 'finish'; say: string; summary: string; unable?: string }
  | { do: 'answer'; say: string };

export type Outcome<Name extends PlaybookName> =
  | { done: true; findings: Findings<Name> }
  | { done: false; action: NextAction };

/** The findings of a script when it has run as wanted, else the action that brings it there. */
export function obtain<Name extends PlaybookName>(view: StageView, call: ScriptCall<Name>): Outcome<Name> {
  const mark = markOf(call.name, call.requested);
  const findings = findingsOf(view, call.name, mark);
  if (findings !== null) return { done: true, findings };
  const failures = failuresOf(view, call.name, mark);
  const { name, title, requested } = call;
  const gpu = call.gpu === true ? { gpu: true } : {};
  if (failures.length === 0) {
    return {
      done: false,
      action: { do: 'run', say: call.say, call: { name, title, requested, used: requested, ...gpu } },
    };
  }
  const repair = failures.length >= MOST_FAILURES ? null : repairAfter(name, requested, failures);
  if (repair === null) return { done: false, action: giveUp(title, failures) };
  const { used, say } = repair;
  return {
    done: false,
    action: { do: 'run', say, call: { name, title: `${title}, repaired`, requested, used, ...gpu } },
  };
}

/** Nothing is left to change, or enough was tried. */
function giveUp(title: string, failures: readonly ScriptExecution[]): NextAction {
  const attempts = failures.length === 1 ? 'one attempt' : `${failures.length} attempts`;
  const { words } = problemOf(failures.at(-1)?.output ?? '');
  const summary = `I could not get past “${title}” in ${attempts}: ${words}`;
  return {
    do: 'finish',
    say: `I stop here: ${words}, and I know nothing else to change.`,
    summary,
    unable:
      `${summary}. Look at the last script's output, say in a message what should be done ` +
      'otherwise, and start the stage again.',
  };
}

/** The stage ends without results, because this table cannot have any; `why` is one sentence with its remedy. */
export function unable(why: string): NextAction {
  return { do: 'finish', say: why, summary: why, unable: why };
}
