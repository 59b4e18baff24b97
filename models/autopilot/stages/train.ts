/** Training: look, compare candidates by cross-validation, choose by one standard error, test once. */

import type { Facts, Findings } from '../facts.ts';
import { type NextAction, obtain, type ScriptCall, unable } from '../next-action.ts';
import { counted, listed, score, theModel } from '../prose.ts';
import { knownColumns } from '../reading/known-columns.ts';
import { readMetric } from '../reading/metrics-named.ts';
import { isUnwanted, type Wishes } from '../reading/wishes.ts';
import { wishesInForce } from '../reading/wishes-in-force.ts';
import type { StageView } from '../view.ts';
import { candidatesFor, repeatsFor } from './candidates.ts';
import { askChoice, askFirst } from './consent.ts';
import { decidedValue } from './decided-values.ts';
import { metricChoice } from './eda.ts';
import { type Judged, judgeBy } from './judged.ts';
import {
  MODEL_TITLES,
  modelChoice,
  modelChosen,
  modelDecided,
  modelWished,
  titlesOf,
  whyChosen,
} from './model-choice.ts';

export const TRAIN_TASKS = [
  'Look at the splits',
  'Compare candidates by cross-validation',
  'Fit the chosen model and open the test',
];

/** A cross-validated score above this is rather a mistake than a success. */
const TOO_GOOD = 0.9995;

/** The next step of the training. */
export function decideTrain(view: StageView, facts: Facts): NextAction {
  const splits = obtain(view, splitsCall(view.given ?? facts));
  if (!splits.done) return splits.action;
  const { columns } = knownColumns(view);
  const wishes = wishesInForce(view, columns);
  const judged = judgeBy(facts, wishes, splits.findings);
  const leftOut = leftOutOf(splits.findings, facts, wishes);
  if (leftOut.length === splits.findings.features) return unable(nothingLeft(splits.findings, leftOut));
  const plan: Plan = { splits: splits.findings, judged, leftOut, wishes };
  const asked =
    askChoice(view, wishes, metricChoice(judged.metric, judged.reason, splits.findings.problem_type)) ??
    askFirst(view, wishes, { topic: 'train', proposal: proposalOf(facts, plan), columns });
  if (asked !== null) return asked;
  const former = obtain(view, compareCall(facts, plan));
  if (!former.done) return former.action;
  const network = suitsNetwork(facts, plan) ? obtain(view, networkCall(facts, plan)) : null;
  if (network?.done === false) return network.action;
  const compare = network?.findings ?? former.findings;
  const choice = modelChoice(compare, compare.within_one_se[0] ?? compare.best);
  const which = askChoice(view, wishes, choice);
  if (which !== null) return which;
  const final = obtain(view, finalCall(view, facts, { ...plan, compare }));
  if (!final.done) return final.action;
  const end = askFirst(view, wishes, {
    topic: 'end',
    proposal: 'The model is fitted; how good it is stands in train/report.md.',
    columns,
  });
  return end ?? finishTrain(plan, final.findings);
}

/** The candidates' scores, with a network's among them or not. */
type Compared = Findings<'train_compare'>;

/** What is settled before anything is fitted. */
interface Plan {
  splits: Findings<'train_look'>;
  judged: Judged;
  /** Features of the splits that no candidate may learn from. */
  leftOut: string[];
  wishes: Wishes;
}

const leftOutOf = ({ feature_names }: Findings<'train_look'>, facts: Facts, wishes: Wishes): string[] =>
  feature_names.filter((name) => facts.excluded_columns?.includes(name) || isUnwanted(name, wishes));

const nothingLeft = ({ target }: Findings<'train_look'>, leftOut: readonly string[]): string =>
  `No column would remain to predict \`${target}\` from: you asked to leave out ` +
  `${listed(leftOut)}. Keep at least one of them, say so in a message, and start the stage ` +
  'again.';

function splitsCall(facts: Facts): ScriptCall<'train_look'> {
  return {
    name: 'train_look',
    title: 'Look at the splits',
    say: 'I look at the splits before choosing candidates; the test split stays closed.',
    requested: {
      sharing: facts.data_sharing ?? 'values',
      metric: null,
      usual_metric: facts.metric == null ? null : readMetric(facts.metric),
    },
  };
}

function compareCall(facts: Facts, { splits, judged, leftOut, wishes }: Plan): ScriptCall<'train_compare'> {
  const { metric, unmet } = judged;
  const candidates = candidatesFor(splits, requestedOf(facts, wishes));
  const about = splits.rows === undefined ? '' : `${counted(splits.rows, 'row')} to learn from. `;
  const balance =
    splits.largest_share === undefined
      ? ''
      : `The commonest class holds ${(100 * splits.largest_share).toFixed(1)} % of them. `;
  const without = leftOut.length > 0 ? `Left out as you asked: ${listed(leftOut)}. ` : '';
  return {
    name: 'train_compare',
    title: 'Compare candidates by cross-validation',
    say:
      `${about}${balance}${without}${unmet.map((sentence) => `${sentence} `).join('')}Candidates: ` +
      `${titlesOf(candidates).join(', ')}, judged by ${metric} on the same folds, ` +
      'preprocessing fitted inside each.',
    requested: {
      metric,
      candidates,
      left_out: leftOut,
      folds: 5,
      repeats: repeatsFor(splits, wishes),
      max_rows: 20_000,
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
    },
  };
}

/** Above this many transformed columns, mostly of texts, a network may find what trees and lines do not. */
const MANY_NUMBERS = 100;

/** Where a GPU is there, and the table is large, or is not small and wide: elsewhere a network only costs time. */
function suitsNetwork(facts: Facts, { splits, wishes }: Plan): boolean {
  const asksForIt =
    splits.size === 'large' || (splits.size === 'medium' && splits.transformed > MANY_NUMBERS);
  const mayCost = wishes.effort === null || wishes.effort === 'careful';
  return facts.gpu === true && asksForIt && mayCost && !splits.by_time;
}

function networkCall(facts: Facts, { splits, judged, leftOut, wishes }: Plan): ScriptCall<'train_network'> {
  return {
    name: 'train_network',
    title: 'Compare a neural network on the GPU',
    say:
      `The table is ${splits.size === 'large' ? 'large' : 'wide'} and a GPU is there: ` +
      'a neural network joins the same folds.',
    gpu: true,
    requested: {
      metric: judged.metric,
      left_out: leftOut,
      folds: 5,
      repeats: repeatsFor(splits, wishes),
      max_rows: 20_000,
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
    },
  };
}

/** A learner that the ledger names is compared, too. */
const requestedOf = (facts: Facts, wishes: Wishes): Wishes => {
  const decided = decidedValue(facts, 'model.choice');
  const named = typeof decided === 'string' && decided in MODEL_TITLES && decided !== 'network';
  return wishes.model === null && named ? { ...wishes, model: decided } : wishes;
};

function proposalOf(facts: Facts, { splits, judged, leftOut, wishes }: Plan): string {
  const without = leftOut.length > 0 ? ` without ${listed(leftOut)}` : '';
  const compared = titlesOf(candidatesFor(splits, requestedOf(facts, wishes))).join(', ');
  return (
    `I would compare ${compared} by ${judged.metric}${without}, ` +
    `fit the simplest of the best for \`${splits.target}\` and open the test split once.`
  );
}

const scoresOf = ({ candidates = [] }: Compared): string[] =>
  candidates.map(({ title, mean, sd }) => `${title} ${score(mean)} (sd ${score(sd)})`);

function finalCall(
  view: StageView,
  facts: Facts,
  found: Plan & { compare: Compared },
): ScriptCall<'train_final'> {
  const { splits, compare, judged, leftOut, wishes } = found;
  const revision = view.validations.length;
  const named = modelChosen(view, compare) ?? modelWished(wishes, compare) ?? modelDecided(facts, compare);
  const chosen = revision > 1 ? 'linear' : (named ?? compare.within_one_se[0] ?? compare.best);
  const scores = scoresOf(compare);
  const reason = chosen === named ? 'you chose it' : whyChosen(chosen, compare);
  const failed =
    compare.failed.length > 0 ? ` Could not be fitted: ${titlesOf(compare.failed).join(', ')}.` : '';
  const again = revision > 0 ? 'Validation found something to mend; I fit and write anew. ' : '';
  return {
    name: 'train_final',
    title: 'Fit the chosen model and open the test',
    ...(chosen === 'network' ? { gpu: true } : {}),
    say:
      `${again}${scores.length > 0 ? `${scores.join(', ')}. ` : ''}I choose ` +
      `${theModel(MODEL_TITLES[chosen] ?? chosen)}: ${reason}.${failed} First I say what to ` +
      'expect, then the test is opened, once.',
    requested: {
      chosen,
      reason,
      metric: compare.metric,
      metric_reason: judged.reason,
      folds: 5,
      repeats: splits.size === 'small' ? 10 : splits.size === 'medium' ? 2 : 1,
      max_rows: 20_000,
      plain: revision > 0,
      left_out: leftOut,
      uncertain: [...judged.unmet, ...uncertainties(found)],
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
      ...(revision > 0 ? { revision } : {}),
    },
  };
}

function uncertainties({ splits, compare, leftOut }: Plan & { compare: Compared }): string[] {
  const best = compare.candidates?.find(({ name }) => name === compare.best);
  const doubts: string[] = [];
  if (best && best.mean >= TOO_GOOD && !['rmse', 'mae', 'log_loss'].includes(compare.metric)) {
    doubts.push(
      'Cross-validation is almost perfect. Either the problem is easy or a column still gives ' +
        'the answer away: check what the model uses.',
    );
  }
  if (leftOut.length > 0)
    doubts.push(
      `${listed(leftOut)} ${leftOut.length === 1 ? 'was' : 'were'} left out on request after ` +
        'the splits were built: rows that differ in nothing else may stand on both sides.',
    );
  if (splits.by_time)
    doubts.push('Rows are moments: the score speaks for the time right after training, not for years later.');
  return doubts;
}

function finishTrain({ splits, leftOut }: Plan, final: Findings<'train_final'>): NextAction {
  const metric = final.metric ?? splits.metric;
  const lines = [`Model for \`${splits.target}\`: ${final.title}.`];
  if (final.test) {
    lines.push(
      `Cross-validation: ${metric} ${score(final.cv_mean)} (sd ${score(final.cv_sd)}, ${final.folds} folds).`,
      `Expected of the test with 95 %: ${score(final.low)} to ${score(final.high)}; found ` +
        `${score(final.test[metric])}; a dummy has ${score(final.baseline)}.`,
      `Most useful columns: ${listed(final.importance ?? [])}.`,
    );
  }
  lines.push(
    final.inside
      ? 'The test score lies inside the interval.'
      : 'The test score lies OUTSIDE the interval: see the report.',
  );
  if (!final.beats_dummy) lines.push('It is not shown to beat the dummy: do not use it.');
  lines.push(...final.beware);
  if (leftOut.length > 0) lines.push(`Left out as you asked: ${listed(leftOut, 12)}.`);
  lines.push('The model is train/models/model.pkl, the report train/report.md.');
  return { do: 'finish', say: 'The model is fitted and judged.', summary: lines.join('\n') };
}
