/** What the stages have recorded in files, as knowledge. */

import { z } from 'zod';
import type { Stage } from '../../../core/stages.ts';
import { splitWords } from '../stages/settled.ts';
import { type Knowledge, NOTHING_KNOWN } from './knowledge.ts';
import type { TableColumn } from './table-words.ts';

export const DECISIONS = 'eda/data/decisions.json';
export const PREP = 'prep/data/metadata.json';
export const TRAIN = 'train/data/metadata.json';

const NUMBERS = z.record(z.string(), z.number());
const WORDS = z.record(z.string(), z.string());
const SPLIT = z.looseObject({
  strategy: z.string(),
  by: z.string().nullish(),
  because: z.string().nullish(),
});

const DECIDED = z.looseObject({
  target: z.string(),
  target_reason: z.string().nullish(),
  problem_type: z.string().catch(''),
  metric: z.string(),
  metric_reason: z.string().nullish(),
  drop: WORDS.catch({}),
  leaks: WORDS.catch({}),
  drop_duplicates: z.boolean().catch(false),
  split: SPLIT,
  kinds: WORDS.catch({}),
});

const PREPARED = z.looseObject({
  target_column: z.string(),
  target_reason: z.string().nullish(),
  metric: z.string().nullish(),
  metric_reason: z.string().nullish(),
  feature_columns: z.array(z.string()),
  dataset_rows: z.number().nullish().catch(null),
  total_rows: z.number(),
  train_rows: z.number(),
  val_rows: z.number(),
  test_rows: z.number(),
  dropped_rows: NUMBERS.catch({}),
  dropped_columns: WORDS.catch({}),
  column_types: WORDS.catch({}),
  problem_type: z.string().catch(''),
  split: SPLIT.nullish().catch(null),
});

const TRAINED = z.looseObject({
  target_column: z.string(),
  primary_metric: z.string(),
  threshold: z.number().nullish().catch(null),
  model: z.looseObject({ title: z.string() }),
  metrics: z.looseObject({ test: NUMBERS, baseline: NUMBERS }),
  cv: z.looseObject({ mean: z.number(), sd: z.number() }),
  prediction_interval: z.looseObject({ low: z.number().nullable(), high: z.number().nullable() }),
  candidates: z.array(z.looseObject({ title: z.string(), mean: z.number() })).catch([]),
  dropped_columns: WORDS.catch({}),
  importance: z.array(z.looseObject({ feature: z.string(), mean: z.number() })).catch([]),
});

const PROBLEMS = ['binary', 'multiclass', 'regression'] as const;

/** The exploration's decisions; null when the text holds none. */
export function explorationOf(text: string | null | undefined): Knowledge | null {
  const decided = parse(DECIDED, text);
  if (decided === null) return null;
  const leaks = Object.entries(decided.leaks).map(([name, how]) => [name, givesAway(how)] as const);
  const leftOut = { ...decided.drop, ...Object.fromEntries(leaks) };
  const names = Object.keys(decided.kinds).filter((name) => name !== decided.target);
  return {
    ...NOTHING_KNOWN,
    table: tableOf(decided.kinds, decided),
    target: { value: decided.target, because: decided.target_reason ?? null },
    metric: { value: decided.metric, because: decided.metric_reason ?? null },
    split: splitOf(decided.split),
    used: names.filter((name) => leftOut[name] === undefined),
    types: decided.kinds,
    leftOut,
    repeats: repeatsWords(decided.drop_duplicates),
  };
}

/** The preparation's record; null when the text holds none. */
export function preparationOf(text: string | null | undefined): Knowledge | null {
  const prepared = parse(PREPARED, text);
  if (prepared === null) return null;
  const { target_column, total_rows, train_rows, val_rows, test_rows, metric } = prepared;
  return {
    ...NOTHING_KNOWN,
    table: preparedTable(prepared),
    target: { value: target_column, because: prepared.target_reason ?? null },
    problem: PROBLEMS.find((each) => each === prepared.problem_type) ?? null,
    metric: metric == null ? null : { value: metric, because: prepared.metric_reason ?? null },
    split: prepared.split == null ? null : splitOf(prepared.split),
    used: prepared.feature_columns,
    types: prepared.column_types,
    leftOut: prepared.dropped_columns,
    uploaded: prepared.dataset_rows ?? null,
    rows: { total: total_rows, train: train_rows, val: val_rows, test: test_rows },
    droppedRows: prepared.dropped_rows,
  };
}

/** The same with the stage that left each column out, as the exploration's record tells it. */
export function withStages(prepared: Knowledge, exploration: Knowledge | null): Knowledge {
  if (exploration === null) return prepared;
  const stages = Object.keys(prepared.leftOut).map((name): [string, Stage] => [
    name,
    exploration.leftOut[name] === undefined ? 'prep' : 'eda',
  ]);
  // the preparation deals rows as the exploration has reasoned
  const isSame = prepared.split?.because == null && prepared.split?.value === exploration.split?.value;
  return {
    ...prepared,
    leftOutIn: Object.fromEntries(stages),
    split: isSame ? exploration.split : prepared.split,
  };
}

/** What the training recorded, over what was prepared; null when the text holds nothing of it. */
export function trainingOf(text: string | null | undefined, prepared: Knowledge): Knowledge | null {
  const trained = parse(TRAINED, text);
  if (trained === null) return null;
  const { primary_metric: metric, dropped_columns: dropped } = trained;
  const because = prepared.metric?.value === metric ? prepared.metric.because : 'it was asked for';
  return {
    ...prepared,
    metric: { value: metric, because },
    model: { value: trained.model.title, because: null },
    used: prepared.used.filter((name) => dropped[name] === undefined),
    leftOut: { ...dropped, ...prepared.leftOut },
    leftOutIn: { ...inTraining(dropped, prepared), ...prepared.leftOutIn },
    candidates: trained.candidates,
    scores: {
      metric,
      test: trained.metrics.test,
      baseline: trained.metrics.baseline[metric] ?? null,
      cv: trained.cv,
      interval: trained.prediction_interval,
    },
    importance: trained.importance,
    threshold: trained.threshold ?? null,
  };
}

const inTraining = (dropped: Record<string, string>, { leftOut }: Knowledge): Record<string, Stage> =>
  Object.fromEntries(
    Object.keys(dropped).flatMap((name) => (leftOut[name] === undefined ? [[name, 'train' as const]] : [])),
  );

export const givesAway = (how: string): string => `it gives the target away (${how})`;

export const repeatsWords = (dropped: boolean): string =>
  dropped
    ? 'Rows that repeat another in every column that is used are left out, once each is kept.'
    : 'Rows that repeat another in every column that is used are kept: with few possible values that is usual.';

const splitOf = ({ strategy, by, because }: z.output<typeof SPLIT>): Knowledge['split'] => ({
  value: splitWords({ strategy, by: by ?? null }),
  because: because === '' ? null : (because ?? null),
});

/** A kind of the plan as questions know it. */
export const kindOf = (kind: string): TableColumn['kind'] => {
  if (kind === 'number') return 'number';
  return kind === 'date' || kind === 'datetime' ? 'date' : 'category';
};

function tableOf(
  kinds: Record<string, string>,
  { target, problem_type }: { target: string; problem_type: string },
): TableColumn[] {
  return Object.entries(kinds).map(([name, kind]) => {
    const isNumber = kind === 'number' && (name !== target || problem_type === 'regression');
    return { name, kind: isNumber || kind !== 'number' ? kindOf(kind) : 'category' };
  });
}

/** The columns of the upload as preparation took them; what it left out is looked into as text. */
function preparedTable(prepared: z.output<typeof PREPARED>): TableColumn[] {
  const { column_types, target_column, dropped_columns, problem_type } = prepared;
  return [
    { name: target_column, kind: kindOf(problem_type === 'regression' ? 'number' : 'category') },
    ...Object.entries(column_types).map(([name, kind]) => ({ name, kind: kindOf(kind) })),
    ...Object.keys(dropped_columns).map((name) => ({ name, kind: kindOf('category') })),
  ];
}

function parse<T extends z.ZodType>(schema: T, text: string | null | undefined): z.output<T> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // a file too long to be shown whole: the answer says that it cannot be read
  }
}
