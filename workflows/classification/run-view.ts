/** What a running classification knows, as a pure class: rows are the memory, this is their reflection. */

import type { Progress } from '../../core/classification/records.ts';
import type { ClassificationState } from '../../core/classification/states.ts';
import type { ClassificationStatus, LoadedRun, RunSums } from '../contract/classification.ts';

export const NO_SUMS: RunSums = {
  ...{ tables: 0, failed: 0, columns: 0 },
  ...{ belief: 0, gap: 0, conflict: 0, unclear: 0, answered: 0, revisit: 0, labelled: 0 },
};

export class RunView {
  state: ClassificationState = 'IDLE';
  progress: Progress = { step: 'IDLE' };

  load({ state, progress }: Pick<LoadedRun, 'state' | 'progress'>): void {
    this.state = state;
    this.progress = progress;
  }

  moved(state: ClassificationState, progress: Omit<Progress, 'step'>): void {
    this.state = state;
    this.progress = { ...this.progress, ...progress, step: state };
  }

  get status(): ClassificationStatus {
    return { state: this.state, progress: this.progress };
  }

  /** Markdown for the Temporal UI. */
  details(sourceName: string): string {
    const { step: _step, ...rest } = this.progress;
    const lines = Object.entries(rest).map(([name, value]) => `- ${name.replaceAll('_', ' ')}: ${value}`);
    return [`**${sourceName}**: ${this.state}`, '', ...lines].join('\n');
  }
}

export const addSums = (one: RunSums, other: RunSums): RunSums => ({
  tables: one.tables + other.tables,
  failed: one.failed + other.failed,
  columns: one.columns + other.columns,
  belief: one.belief + other.belief,
  gap: one.gap + other.gap,
  conflict: one.conflict + other.conflict,
  unclear: one.unclear + other.unclear,
  answered: one.answered + other.answered,
  revisit: one.revisit + other.revisit,
  labelled: one.labelled + other.labelled,
});

/** How the columns that are fused stand; nothing is said of none. */
export function fusedProgress(sums: RunSums): Omit<Progress, 'step'> {
  const { columns, belief, gap, conflict, unclear, answered } = sums;
  if (columns === 0) return { columns_fused: 0 };
  return {
    columns_fused: columns,
    mean_bel: share(belief, columns),
    mean_gap: share(gap, columns),
    mean_conflict: share(conflict, columns),
    frac_unclear: share(unclear, columns),
    coverage: share(answered, columns),
  };
}

const share = (sum: number, of: number): number => Math.round((sum / of) * 1e6) / 1e6;
