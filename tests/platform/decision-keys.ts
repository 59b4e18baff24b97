/**
 * Every key that a person can decide, with what scripts choose and what a person then wants, over the bundled penguins
 * (target `sex`, with a test file beside them). A new key of the platform's needs a row here; where it is changed by
 * words, page, command line, REST and gRPC follows from the row.
 */

import { KNOWN_KEYS } from '../../core/decisions.ts';
import { STAGES, type Stage } from '../../core/stages.ts';

export interface DecidedKey {
  /** As a person names it: `column.body_mass_g.kind`. */
  key: string;
  /** The stage that a change concerns first; null where it concerns none. */
  stage: Stage | null;
  /** Whose script decides it, where that is not the stage that a change concerns. */
  decidedIn?: Stage;
  /** What scripts choose, or was given; the scripts themselves decide where it is absent. */
  own?: unknown;
  /** What a person wants instead. */
  value: unknown;
  /** What has to be decided with it. */
  with?: Record<string, unknown>;
  /** Why `npm test` changes it too: the kinds of keys. */
  kind?: string;
}

const column = 'column.body_mass_g';

export const DECIDED_KEYS: readonly DecidedKey[] = [
  { key: 'target', stage: 'eda', value: 'species', kind: 'what is predicted' },
  { key: 'target.meaning', stage: 'eda', own: 'observed_only', value: 'as_number' },
  { key: 'problem', stage: 'eda', own: 'binary', value: 'multiclass' },
  { key: `${column}.kind`, stage: 'eda', own: 'number', value: 'category', kind: 'how a column is read' },
  { key: `${column}.missing`, stage: 'eda', own: [], value: ['-999'] },
  { key: `${column}.decimal`, stage: 'eda', own: 'decimal', value: 'thousands' },
  { key: `${column}.date_order`, stage: 'eda', own: 'day', value: 'month' },
  // of one value alone: a person confirms it, and nothing is made anew
  {
    ...{ key: `${column}.currencies`, stage: null, decidedIn: 'eda' },
    ...{ own: 'as_they_stand', value: 'as_they_stand' },
  },
  { key: 'rows.left_out', stage: 'eda', own: ['footnote'], value: [] },
  { key: 'rows.repeats', stage: 'prep', own: 'drop', value: 'keep' },
  { key: 'column.bill_depth_mm.use', stage: 'prep', value: 'out', kind: 'whether a column is used' },
  { key: 'column.island.features', stage: 'prep', own: 'labels', value: 'means' },
  { key: 'features', stage: 'prep', own: 'plain', value: 'ratios' },
  {
    ...{ key: 'split.strategy', stage: 'prep', value: 'group' },
    with: { 'split.by': 'flipper_length_mm' },
  },
  { key: 'split.by', stage: 'prep', value: 'flipper_length_mm' },
  { key: 'split.test_file', stage: 'prep', own: null, value: 'later.csv' },
  { key: 'metric', stage: 'train', value: 'balanced_accuracy' },
  { key: 'model.choice', stage: 'train', value: 'forest', kind: 'what is learnt' },
  { key: 'threshold', stage: 'train', own: 0.5, value: 0.4 },
  { key: 'budget.turns', stage: null, own: 31, value: 41 },
  { key: 'budget.tokens', stage: null, own: 3_000_000, value: 4_000_000 },
  { key: 'budget.cost', stage: null, own: 31, value: 41, kind: 'a limit' },
  { key: 'budget.time', stage: null, own: 3_600, value: 7_000 },
];

type Changes = { key: string; value: unknown }[];

/** What a person changes for a row. */
export const wishes = ({ key, value, with: more = {} }: DecidedKey): Changes =>
  Object.entries({ ...more, [key]: value }).map(([name, each]) => ({ key: name, value: each }));

/** What takes it back to what was in force. */
export const formerOf = ({ key, with: more = {} }: DecidedKey, held: Changes): Changes =>
  held.filter((each) => each.key === key || each.key in more);

/** Keys of the platform that no row has. */
export function keysWithoutRow(): string[] {
  const rows = new Set(DECIDED_KEYS.map(({ key }) => key.replace(/^column\.[^.]+\./u, 'column.*.')));
  return KNOWN_KEYS.filter((key) => !rows.has(key));
}

/** Code for each stage's script that decides what its rows say and it does not decide by itself. */
export function decidesOwn(): Partial<Record<Stage, string>> {
  const code = (stage: Stage) =>
    DECIDED_KEYS.filter((row) => (row.decidedIn ?? row.stage) === stage && row.own !== undefined)
      .map(({ key, own, value }) => {
        const alternatives = JSON.stringify([{ value, changes: 'the outputs' }]);
        const words = [JSON.stringify(key), `json.loads(${JSON.stringify(JSON.stringify(own))})`];
        return `decide(${words.join(', ')}, alternatives=json.loads(${JSON.stringify(alternatives)}))`;
      })
      .join('\n');
  const scripts = STAGES.map((stage) => [
    stage,
    `\nimport json\nfrom tempera import decide\n${code(stage)}\n`,
  ]);
  return Object.fromEntries(scripts);
}

/** Limits that are given with a session, so that each is in its ledger. */
export const GIVEN_LIMITS: Record<string, unknown> = Object.fromEntries(
  DECIDED_KEYS.filter(({ key }) => key.startsWith('budget.')).map(({ key, own }) => [
    key.replace('budget.', ''),
    own,
  ]),
);
