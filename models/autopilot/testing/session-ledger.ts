/** The ledger of a session that runs without the platform: rows in memory, read and changed by the same rules. */

import { readFileSync } from 'node:fs';
import type { StageBriefInput } from '../../../agents/index.ts';
import { type Decision, inForce, type LedgerRow, readLedger } from '../../../core/decisions.ts';
import { experimentAsDecided, givenDecisions } from '../../../core/given-decisions.ts';
import { ledgerFile } from '../../../core/ledger-file.ts';
import { type ChangeRequest, carryOut, orderedContent } from '../../../core/ordered-changes.ts';
import type { Experiment, StageRun } from '../../../core/records.ts';
import { sharedDecisions } from '../../../core/shared-decisions.ts';
import type { Stage } from '../../../core/stages.ts';

type Facts = Partial<StageBriefInput['facts']>;

export class SessionLedger {
  readonly #experiment: Experiment;
  #rows: LedgerRow[] = [];
  readonly #runs: StageRun[] = [];
  #changes = 0;

  /** @param columns of the table */
  constructor(facts: Facts, columns: readonly string[]) {
    const given = { target: null, problem_type: null, metric: null, excluded_columns: [] };
    const rest = { split_column: null, test_file: null, data_sharing: 'values', instructions: '' };
    const profile = { columns: columns.map((name) => ({ name })) };
    const dataset = { files: [], profile };
    this.#experiment = { ...given, ...rest, ...facts, dataset } as unknown as Experiment;
    for (const { key, value, reason } of givenDecisions(this.#experiment, {}))
      this.#write({ key, value, reason, stage: null, withdraws: false, queued: false, undoes: null }, null);
  }

  /** What a brief says of it. */
  facts(): Pick<
    StageBriefInput['facts'],
    'decisions' | 'target' | 'metric' | 'excluded_columns' | 'split_column'
  > {
    const ledger = this.#ledger();
    const { target, metric, excluded_columns, split_column } = experimentAsDecided(this.#experiment, ledger);
    const decisions = sharedDecisions(ledger, this.#experiment);
    return { decisions, target, metric, excluded_columns, split_column };
  }

  /** What is in force, by key. */
  values(): Map<string, unknown> {
    return new Map([...inForce(this.#ledger())].map(([key, { value }]) => [key, value]));
  }

  /** `decisions.json` as a script finds it. */
  file(): string {
    return ledgerFile(this.#ledger()) || '{"version": 1, "decisions": []}';
  }

  /** The result of a call of change_decision. */
  change(stage: Stage, input: Record<string, unknown>): string {
    const { changes = [], undo } = input as { changes?: ChangeRequest['changes']; undo?: true };
    const at = { experiment: this.#experiment, rows: this.#rows, runs: this.#runs, stage, followUp: false };
    const { rows, ordered } = carryOut({ changes, undo: undo === true }, at);
    this.#changes += 1;
    for (const row of rows) this.#write({ ...row, reason: String(input.spoken) }, `change ${this.#changes}`);
    return orderedContent(ordered);
  }

  /** What waited takes force. */
  stageEnds(stage: Stage): void {
    const run = {
      session_id: 's',
      stage,
      run: 1,
      state: 'done',
      reason: null,
      stale: false,
      prompt_version: '',
    };
    const ended_at = new Date().toISOString();
    this.#runs.push({ ...run, base: null, checkpoint: null, started_at: '', ended_at } as StageRun);
    this.#rows = this.#rows.map((row) => ({ ...row, queued: false }));
  }

  #ledger(): Decision[] {
    return readLedger(this.#rows, this.#runs);
  }

  #write(
    row: Pick<LedgerRow, 'key' | 'value' | 'reason' | 'stage' | 'withdraws' | 'queued' | 'undoes'>,
    change: string | null,
  ): void {
    const position = this.#rows.length + 1;
    this.#rows.push({
      ...row,
      ...{ id: `d${position}`, session_id: 's', run: null, by: 'person', change, position },
      ...{ alternatives: [], evidence: null, confidence: null, step_id: null, step_state: null },
      ...{ inherited_from: null, to_confirm: false, yields: false, created_at: new Date().toISOString() },
    });
  }
}

/** The names in the first line of a table of text. */
export function headerOf(table: string): string[] {
  const [line = ''] = readFileSync(table, 'utf8').split(/\r?\n/, 1);
  return line.split(/[,;\t]/).map((name) => name.replaceAll('"', '').trim());
}
