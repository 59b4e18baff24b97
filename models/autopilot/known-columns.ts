/** What scripts of a stage have told so far of the table: its columns, the target, the kind of problem. */

import type { ProblemType } from './facts.ts';
import { readFindings } from './facts.ts';
import type { ScriptRun, StageView } from './stage-view.ts';

export interface KnownColumns {
  /** Every column that a script has named, the target among them; empty before the first. */
  columns: string[];
  /** Those that a model may take in this stage; empty in the exploration, which decides it. */
  features: string[];
  target: string | null;
  problem: ProblemType | null;
  /** The turn in which the columns became known; null before. */
  since: number | null;
}

/** Reads what is known from the runs of this stage. */
export function knownColumns(view: StageView): KnownColumns {
  const known: KnownColumns = {
    columns: [],
    features: [],
    target: view.facts?.target ?? null,
    problem: view.facts?.problem_type ?? null,
    since: null,
  };
  const columns = new Set<string>();
  for (const run of view.runs) {
    const names = run.ok ? namesOf(run, known) : [];
    if (names.length > 0) known.since ??= run.turn;
    for (const name of names) columns.add(name);
  }
  return { ...known, columns: [...columns] };
}

function namesOf({ name, output }: ScriptRun, known: KnownColumns): string[] {
  if (name === 'eda_profile') return (readFindings(name, output)?.columns ?? []).map((column) => column.name);
  const audit = name === 'prep_audit' ? readFindings(name, output) : null;
  const look = name === 'train_look' ? readFindings(name, output) : null;
  const found = audit ?? look;
  if (!found) return [];
  known.problem = found.problem_type;
  known.target = found.target;
  known.features = audit?.features ?? look?.feature_names ?? [];
  const gone = audit ? Object.keys({ ...audit.drop, ...audit.leaks }) : (look?.dropped_names ?? []);
  return [...known.features, ...gone, found.target];
}
