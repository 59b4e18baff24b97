/** The end of the exploration: the report, with its metric and its doubts, and what is handed over. */

import type { Facts, Findings } from '../facts.ts';
import type { NextAction, ScriptCall } from '../next-action.ts';
import { counted, listed } from '../prose.ts';
import { metricFits, readMetric, unmetMetric } from '../reading/metrics-named.ts';
import type { Wishes } from '../reading/wishes.ts';
import type { StageView } from '../view.ts';
import { dropsRepeats } from './decided-values.ts';
import { type Decided, splitWords } from './settled.ts';

/** What is decided, and what the columns were found to have to do with each other. */
export interface Explored {
  settled: Decided;
  relations: Findings<'eda_relations'>;
}

/** The script that draws the figures and writes the report. */
export function reportCall(
  view: StageView,
  facts: Facts,
  { settled, relations }: Explored,
): ScriptCall<'eda_report'> {
  const leaks = Object.keys(relations.leaks);
  const metric = chooseMetric(facts, settled, relations);
  const revision = view.validations.length;
  const leakText = leaks.map((name) => `\`${name}\` (${relations.leaks[name]})`).join('; ');
  const leakWords =
    leaks.length > 0
      ? `Given away: ${leakText}. I drop that. `
      : 'No column was found that gives the target away. ';
  return {
    name: 'eda_report',
    title: 'Draw figures and write the report',
    say:
      `${revision > 0 ? 'Validation found something to mend; I write the report anew. ' : ''}${leakWords}Now ` +
      'the figures and the report.',
    requested: {
      target: settled.target.column.name,
      target_reason: settled.target.reason,
      problem_type: settled.problem,
      ...metric,
      drop: settled.drop,
      leaks: relations.leaks,
      drop_duplicates: dropsRepeats(facts, relations.continuous > 0 && !relations.repeats_by_chance),
      split: settled.split,
      uncertain: [...testFileNote(facts, relations), ...uncertainties(settled, relations)],
      wishes: wishTexts(settled.wishes),
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
      max_rows: 20_000,
      plain: revision > 1,
      ...(revision > 0 ? { revision } : {}),
    },
  };
}

/** The commonest class has so many times the rows of the rarest that accuracy would overlook it. */
const UNEVEN = 10;
/** Rows of the rarest class from which on it can be learned and judged at all. */
const RARE_BUT_LEARNABLE = 20;

/** Sizes of the target's classes; zeros where counts are not shared. */
function sizesOf({ target }: Findings<'eda_relations'>): {
  smallest: number;
  largest_share: number;
  counted: number;
} {
  const { smallest = 0, largest_share = 0, counted: rows = 0 } = target ?? { missing: 0 };
  return { smallest, largest_share, counted: rows };
}

interface MetricChoice {
  metric: string;
  metric_reason: string;
  /** `agent` for one that was asked for, `rule` where the target's values speak for it, else `default`. */
  metric_basis: 'agent' | 'rule' | 'default';
}

/** The metric to choose and judge by: the one asked for where it fits, else the usual one of the kind of problem. */
export function chooseMetric(
  facts: Facts,
  settled: Decided,
  relations: Findings<'eda_relations'>,
): MetricChoice {
  const desired = [settled.wishes.metric, facts.metric == null ? null : readMetric(facts.metric)];
  const given = desired.find((metric) => metric !== null && metricFits(metric, settled.problem));
  if (given != null)
    return {
      metric: given,
      metric_reason: settled.wishes.metricNote ?? 'it was asked for',
      metric_basis: 'agent',
    };
  return settled.problem === 'regression'
    ? metricOfNumbers(settled, relations)
    : metricOfClasses(settled, relations);
}

function metricOfNumbers(settled: Decided, relations: Findings<'eda_relations'>): MetricChoice {
  if (settled.split.strategy.startsWith('time')) {
    return {
      metric: 'rmse',
      metric_basis: 'rule',
      metric_reason:
        'it is in the target’s unit, while R² compares with the mean of the judged stretch of ' +
        'time, which is another in each fold',
    };
  }
  if (relations.one_value_in_half) {
    return {
      metric: 'r2',
      metric_basis: 'rule',
      metric_reason:
        'half of the rows or more have the same value of the target, and absolute errors would reward a model for ' +
        'always saying it',
    };
  }
  if (relations.meaning === 'count') {
    return {
      metric: 'mae',
      metric_basis: 'rule',
      metric_reason: settled.target.column.flags.includes('heavy_tail')
        ? 'the target counts, and a few large counts would decide any measure of squared errors'
        : 'the target counts: it says by how many a prediction is off',
    };
  }
  if (settled.target.column.flags.includes('heavy_tail')) {
    return {
      metric: 'mae',
      metric_basis: 'rule',
      metric_reason:
        'a few very large values of the target would decide any measure of squared errors, R² too',
    };
  }
  return {
    metric: 'r2',
    metric_basis: 'default',
    metric_reason: 'it says which share of the spread is explained, whatever the unit',
  };
}

function metricOfClasses(settled: Decided, relations: Findings<'eda_relations'>): MetricChoice {
  if (settled.problem === 'binary') {
    return {
      metric: 'roc_auc',
      metric_basis: 'default',
      metric_reason: 'it judges the ranking of rows and does not hang on a threshold or on the balance',
    };
  }
  const { smallest, largest_share: largest, counted } = sizesOf(relations);
  if (smallest >= RARE_BUT_LEARNABLE && largest * counted >= UNEVEN * smallest) {
    return {
      metric: 'f1_macro',
      metric_basis: 'rule',
      metric_reason: 'the classes are so uneven that accuracy would hardly notice the rare ones',
    };
  }
  return {
    metric: 'accuracy',
    metric_basis: 'default',
    metric_reason: 'all errors count alike; balanced accuracy and the recall of each class stand beside it',
  };
}

function uncertainties(settled: Decided, relations: Findings<'eda_relations'>): string[] {
  const { target, problem, split } = settled;
  const doubts = unmetMetric(settled.wishes, problem);
  if (target.guessed)
    doubts.push(
      `The target \`${target.column.name}\` is a guess (${target.reason}); name another one if it is wrong.`,
    );
  if (problem === 'multiclass' && target.column.kind === 'number') {
    doubts.push(
      `\`${target.column.name}\` holds ${target.column.distinct} whole numbers. They are taken ` +
        `for classes, because ${relations.meaning_because}; if they are a scale, regression ` +
        'would fit better.',
    );
  }
  if (problem === 'multiclass' && target.column.distinct > 20) {
    doubts.push(
      `\`${target.column.name}\` has ${target.column.distinct} classes: many are too rare to be learned.`,
    );
  }
  if (split.strategy.startsWith('time'))
    doubts.push(
      'Past values of the target are not used as inputs; for forecasting the next moment they would help.',
    );
  return doubts;
}

/** What becomes of a test file that has no answers. */
function testFileNote(facts: Facts, relations: Findings<'eda_relations'>): string[] {
  if (facts.test_file == null || relations.test_file_can_judge !== false) return [];
  return [
    `The test file \`${facts.test_file}\` has no answers, so that nothing can be judged by it. The test is cut from ` +
      `\`${facts.files[0]}\` instead; the model can predict the file afterwards.`,
  ];
}

function wishTexts(wishes: Wishes): string[] {
  return [
    ...(wishes.target === null ? [] : [`predict \`${wishes.target}\``]),
    ...(wishes.metric === null ? [] : [`judge by ${wishes.metric}`]),
    ...(wishes.excluded.length === 0 ? [] : [`leave out ${listed(wishes.excluded)}`]),
  ];
}

/** What the next stage and the person are told. */
export function finishEda(
  settled: Decided,
  profile: Findings<'eda_profile'>,
  relations: Findings<'eda_relations'>,
): NextAction {
  const leaks = Object.entries(relations.leaks).map(([name, how]) => `\`${name}\` (${how})`);
  const strongest = relations.strongest.map((item) => (typeof item === 'string' ? item : item[0]));
  const lines = [
    `${profile.read.file}: ${counted(profile.rows, 'row')}, ${counted(profile.column_count, 'column')}.`,
    `Target: \`${settled.target.column.name}\` (${settled.problem}), because ${settled.target.reason}.`,
    leaks.length > 0
      ? `Dropped because they give the target away: ${leaks.join(', ')}.`
      : 'No column was found that gives the target away.',
    ...Object.entries(settled.drop).map(([name, reason]) => `Dropped \`${name}\`: ${reason}.`),
    ...(relations.suspects.length > 0
      ? [`Suspiciously strong but kept: ${listed(relations.suspects)}.`]
      : []),
    `Strongest single columns: ${listed(strongest.filter((name) => relations.leaks[name] === undefined).slice(0, 3))}.`,
    `Split: ${splitWords(settled.split)}${settled.split.because === '' ? '' : `, because ${settled.split.because}`}.`,
    ...relations.warnings,
    ...(relations.to_confirm.length > 0 ? [`To confirm: ${relations.to_confirm.join(' ')}`] : []),
    'Decisions are in eda/data/decisions.json, the report in eda/report.md.',
  ];
  return { do: 'finish', say: 'The exploration is done.', summary: lines.join('\n') };
}
