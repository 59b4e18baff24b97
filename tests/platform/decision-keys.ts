/**
 * Every key that a person can decide, with what scripts choose and what a person then wants, over the bundled penguins
 * (target `sex`, with a test file beside them). A new key of the platform's needs a row here; where it is changed by
 * words, page, command line, REST and gRPC follows from the row; where words change nothing it says why.
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
  /** How a person orders it in words, or why the offline agent follows no words on it. */
  words: { order: string } | { none: string };
}

const order = (text: string) => ({ words: { order: text } });
const none = (text: string) => ({ words: { none: text } });
const OF_FILES = none('it asks how cells of the file are written, which the tab shows with them');
const A_LIMIT = none(
  'what is spent is raised by the person alone, never by an agent’s reading of a sentence',
);

const column = 'column.body_mass_g';

export const DECIDED_KEYS: readonly DecidedKey[] = [
  {
    key: 'target',
    stage: 'eda',
    value: 'species',
    with: { problem: 'multiclass' },
    kind: 'what is predicted',
    ...order('Predict species.'),
  },
  { key: 'target.meaning', stage: 'eda', own: 'observed_only', value: 'as_number', ...OF_FILES },
  { key: 'problem', stage: 'eda', own: 'binary', value: 'multiclass', ...order('Treat it as multiclass.') },
  {
    key: `${column}.kind`,
    stage: 'eda',
    own: 'number',
    value: 'category',
    kind: 'how a column is read',
    ...order('Treat body_mass_g as a category.'),
  },
  {
    ...{ key: `${column}.missing`, stage: 'eda', own: [], value: ['-999'] },
    ...order('Treat -999 as missing in body_mass_g.'),
  },
  {
    ...{ key: `${column}.decimal`, stage: 'eda', own: 'decimal', value: 'thousands' },
    ...order('The comma in body_mass_g separates thousands.'),
  },
  {
    ...{ key: `${column}.date_order`, stage: 'eda', own: 'day', value: 'month' },
    ...order('Dates in body_mass_g are month first.'),
  },
  // of one value alone: a person confirms it, and nothing is made anew
  {
    ...{ key: `${column}.currencies`, stage: null, decidedIn: 'eda' },
    ...{ own: 'as_they_stand', value: 'as_they_stand' },
    ...OF_FILES,
  },
  { key: 'rows.left_out', stage: 'eda', own: ['footnote'], value: [], ...order('Keep the footnotes.') },
  { key: 'rows.repeats', stage: 'prep', own: 'drop', value: 'keep', ...order('Keep the repeats.') },
  {
    key: 'column.bill_depth_mm.use',
    stage: 'prep',
    value: 'out',
    kind: 'whether a column is used',
    ...order('Leave out bill depth.'),
  },
  {
    key: 'column.island.features',
    stage: 'prep',
    own: 'labels',
    value: 'means',
    ...order('Use target encoding for island.'),
  },
  {
    key: 'features',
    stage: 'prep',
    own: 'plain',
    value: 'ratios',
    ...none('only the script that decides it knows the key'),
  },
  {
    ...{ key: 'split.strategy', stage: 'prep', value: 'group' },
    with: { 'split.by': 'flipper_length_mm' },
    ...order('Keep rows of one flipper length together.'),
  },
  { key: 'split.by', stage: 'prep', value: 'flipper_length_mm', ...order('Split by flipper length.') },
  {
    key: 'split.test_file',
    stage: 'prep',
    own: null,
    value: 'later.csv',
    ...none('files are chosen where they are seen'),
  },
  { key: 'metric', stage: 'train', value: 'balanced_accuracy', ...order('Judge it by balanced accuracy.') },
  {
    key: 'model.choice',
    stage: 'train',
    value: 'forest',
    kind: 'what is learnt',
    ...order('Use a random forest.'),
  },
  { key: 'threshold', stage: 'train', own: 0.5, value: 0.4, ...order('Use a threshold of 0.4.') },
  { key: 'budget.turns', stage: null, own: 31, value: 41, ...A_LIMIT },
  { key: 'budget.tokens', stage: null, own: 3_000_000, value: 4_000_000, ...A_LIMIT },
  { key: 'budget.cost', stage: null, own: 31, value: 41, kind: 'a limit', ...A_LIMIT },
  { key: 'budget.time', stage: null, own: 3_600, value: 7_000, ...A_LIMIT },
];

type Changes = { key: string; value: unknown }[];

/** What a person changes for a row. */
export const wishes = ({ key, value, with: more = {} }: DecidedKey): Changes =>
  Object.entries({ ...more, [key]: value }).map(([name, each]) => ({ key: name, value: each }));

/** Rows that words change, with the order. */
export const SPOKEN_KEYS = DECIDED_KEYS.flatMap((row) =>
  'order' in row.words ? [{ ...row, order: row.words.order }] : [],
);

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
