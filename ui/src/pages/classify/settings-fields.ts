/** The settings of a run as a person meets them: each with its default and what it does. */

import type { ClassificationSettings } from '../../lib/api/classification.ts';

export interface SettingField {
  name: keyof ClassificationSettings;
  label: string;
  hint: string;
  group: 'What is read' | 'Model' | 'What is decided' | 'When it is done';
  kind: 'whole' | 'share' | 'dollars' | 'switch' | 'text' | 'rule';
  least?: number;
  most?: number;
}

/** As the platform takes them where none is given; a test holds them against its own. */
export const DEFAULT_SETTINGS: ClassificationSettings = {
  ...{ sample_size: 50, model: null, share_values: true, rule: 'dempster', threshold: 0.7, floor: 0.2 },
  ...{ review_belief: 0.5, review_gap: 0.3, trained_members: true, rounds: 5, coverage: 0.95 },
  ...{ mean_gap: 0.15, unclear_share: 0.2, max_cost: 20, max_model_calls: 2_000 },
  ...{ max_columns: 200_000, parallel: 2, seed: 0 },
};

const whole = (least: number, most: number) => ({ kind: 'whole' as const, least, most });
const share = { kind: 'share' as const, least: 0, most: 1 };

export const SETTING_FIELDS: readonly SettingField[] = [
  {
    ...{ name: 'sample_size', label: 'Values of a column', group: 'What is read', ...whole(1, 50) },
    hint: 'So many values, none of them missing, are read of each column.',
  },
  {
    ...{ name: 'max_columns', label: 'Columns at most', group: 'What is read', ...whole(1, 1_000_000) },
    hint: 'Tables beyond so many columns are left out, and the run notes it.',
  },
  {
    ...{ name: 'parallel', label: 'Pieces side by side', group: 'What is read', ...whole(1, 16) },
    hint: 'More is faster and leaves less to others on this platform.',
  },
  {
    ...{ name: 'model', label: 'Language model', group: 'Model', kind: 'text' },
    hint: 'provider/model. Empty: no model is asked, nothing leaves the platform, and it costs nothing.',
  },
  {
    ...{ name: 'share_values', label: 'Show it values', group: 'Model', kind: 'switch' },
    hint: 'No: the model sees names and kinds alone, and none of your data.',
  },
  {
    ...{
      name: 'max_cost',
      label: 'Dollars at most',
      group: 'Model',
      kind: 'dollars',
      least: 0,
      most: 10_000,
    },
    hint: 'At this sum the model is asked no more; the run goes on without it.',
  },
  {
    ...{ name: 'max_model_calls', label: 'Calls at most', group: 'Model', ...whole(0, 100_000) },
    hint: 'The same for the number of calls.',
  },
  {
    ...{ name: 'rounds', label: 'Rounds', group: 'Model', ...whole(0, 5) },
    hint: 'So often the model is asked again about columns on which it is contradicted.',
  },
  {
    ...{ name: 'trained_members', label: 'Learn from decisions', group: 'What is decided', kind: 'switch' },
    hint: 'Two classifiers learn from your decisions and from the model’s labels.',
  },
  {
    ...{ name: 'rule', label: 'Rule of fusion', group: 'What is decided', kind: 'rule' },
    hint: 'Dempster divides conflict away; Yager leaves it open; Dubois and Prade keep either.',
  },
  {
    ...{ name: 'threshold', label: 'Believed enough', group: 'What is decided', ...share },
    hint: 'The deepest term or group with this belief is the cautious answer.',
  },
  {
    ...{ name: 'floor', label: 'Least belief', group: 'What is decided', ...share },
    hint: 'Where nothing is believed so much, no term is given.',
  },
  {
    ...{ name: 'review_belief', label: 'Review below belief', group: 'What is decided', ...share },
    hint: 'A column believed less goes to the review queue …',
  },
  {
    ...{ name: 'review_gap', label: 'Review above gap', group: 'What is decided', ...share },
    hint: '… and so does one of which more than this is not known.',
  },
  {
    ...{ name: 'coverage', label: 'Columns with an answer', group: 'When it is done', ...share },
    hint: 'Converged: at least this share has a term, …',
  },
  {
    ...{ name: 'mean_gap', label: 'Mean gap', group: 'When it is done', ...share },
    hint: '… on average less than this is not known, …',
  },
  {
    ...{ name: 'unclear_share', label: 'Left to people', group: 'When it is done', ...share },
    hint: '… and less than this share needs a person. Else the run ends as “aims missed”.',
  },
  {
    ...{ name: 'seed', label: 'Seed', group: 'When it is done', ...whole(0, Number.MAX_SAFE_INTEGER) },
    hint: 'The same seed draws the same samples.',
  },
];

export const RULE_NAMES = {
  dempster: 'Dempster',
  yager: 'Yager',
  dubois_prade: 'Dubois and Prade',
} as const;

/** What is entered: text of each field but switches. */
export type EnteredSettings = Record<keyof ClassificationSettings, string>;

export const enteredOf = (settings: ClassificationSettings): EnteredSettings =>
  // the boundary where names of settings become those of entries
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value === null ? '' : String(value)]),
  ) as EnteredSettings;

/** What is wrong with an entry, as a sentence; null: nothing. */
export function settingError({ kind, least = 0, most = 1 }: SettingField, text: string): string | null {
  if (kind === 'switch' || kind === 'rule') return null;
  if (kind === 'text') {
    const isModel = text.trim() === '' || /^[^/\s]+\/\S+$/.test(text.trim());
    return isModel ? null : 'Give provider/model, as anthropic/claude-sonnet-4-5, or leave it empty.';
  }
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const isInside = value >= least && value <= most;
  const isNumber = kind === 'whole' ? Number.isInteger(value) : Number.isFinite(value);
  if (isInside && isNumber) return null;
  return `Give a ${kind === 'whole' ? 'whole number' : 'number'} from ${least} to ${most}.`;
}

/** What differs from the defaults; undefined where nothing does. */
export function changedSettings(entered: EnteredSettings): Partial<ClassificationSettings> | undefined {
  const changed = SETTING_FIELDS.filter(
    ({ name }) => entered[name].trim() !== enteredOf(DEFAULT_SETTINGS)[name],
  ).map(({ name, kind }): [string, unknown] => [name, settingValue(kind, entered[name].trim())]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function settingValue(kind: SettingField['kind'], text: string): unknown {
  if (kind === 'switch') return text === 'true';
  if (kind === 'rule') return text;
  if (kind === 'text') return text === '' ? null : text;
  return Number(text);
}
