/** What is known within a stage: from its own scripts, and from what earlier stages recorded. */

import type { Facts, Findings, PlaybookName } from '../facts.ts';
import { readFindings } from '../facts.ts';
import { metricFits } from '../reading/metrics-named.ts';
import { wishesInForce } from '../reading/wishes-in-force.ts';
import { dropsRepeats, splitDecided } from '../stages/decided-values.ts';
import { chooseMetric } from '../stages/eda-report.ts';
import { type Judged, judgeBy } from '../stages/judged.ts';
import { MODEL_TITLES } from '../stages/model-choice.ts';
import { decided, settle, splitWords } from '../stages/settled.ts';
import { chooseTarget } from '../stages/target.ts';
import type { StageView } from '../view.ts';
import { type Knowledge, NOTHING_KNOWN } from './knowledge.ts';
import {
  DECISIONS,
  explorationOf,
  givesAway,
  kindOf,
  PREP,
  preparationOf,
  repeatsWords,
} from './recorded.ts';

/** The record of the stage before, which questions in this one need; null in the first. */
export function recordNeeded(facts: Facts): string | null {
  if (facts.stage === 'eda') return null;
  return facts.stage === 'prep' ? DECISIONS : PREP;
}

/** What can be told now. */
export function stageKnowledge(view: StageView, facts: Facts): Knowledge {
  const decided = (facts.decisions ?? []).filter(({ withdrawn }) => withdrawn !== true);
  if (facts.stage === 'eda') return { ...explored(view, facts), decided };
  const known = facts.stage === 'prep' ? preparing(view, facts) : training(view, facts);
  return { ...known, decided };
}

/** What the newest run of a script found; null before. */
function latest<Name extends PlaybookName>(view: StageView, name: Name): Findings<Name> | null {
  const run = view.executions.findLast((execution) => execution.ok && execution.name === name);
  return run === undefined ? null : readFindings(name, run.output);
}

function explored(view: StageView, facts: Facts): Knowledge {
  const profile = latest(view, 'eda_profile');
  if (profile === null) return NOTHING_KNOWN;
  const { columns } = profile;
  const names = columns.map(({ name }) => name);
  const wishes = wishesInForce(view, names);
  const target = chooseTarget(facts, wishes, profile);
  const table = columns.map(({ name, kind }) => ({ name, kind: kindOf(kind) }));
  const types = Object.fromEntries(columns.map(({ name, kind }) => [name, kind]));
  const first: Knowledge = { ...NOTHING_KNOWN, table, types, uploaded: profile.rows ?? null };
  if (target === null) return first;
  const settled = settle(facts, { target, wishes, columns });
  const relations = latest(view, 'eda_relations');
  const known: Knowledge = {
    ...first,
    target: { value: target.column.name, because: target.reason },
    leftOut: settled.drop,
  };
  if (relations === null) return known;
  const result = decided(settled, relations);
  const leaks = Object.entries(relations.leaks).map(([name, how]) => [name, givesAway(how)] as const);
  const leftOut = { ...result.drop, ...Object.fromEntries(leaks) };
  const { metric, metric_reason } = chooseMetric(facts, result, relations);
  return {
    ...known,
    leftOut,
    used: names.filter((name) => name !== target.column.name && leftOut[name] === undefined),
    metric: { value: metric, because: metric_reason },
    split: { value: splitWords(result.split), because: result.split.because || null },
    repeats: repeatsWords(dropsRepeats(facts, relations.continuous > 0 && !relations.repeats_by_chance)),
  };
}

function preparing(view: StageView, facts: Facts): Knowledge {
  const record = explorationOf(view.lookedUp.get(DECISIONS)?.content);
  const audit = latest(view, 'prep_audit');
  if (audit === null) return record ?? NOTHING_KNOWN;
  const before = record ?? audited(audit);
  const wishes = wishesInForce(view, [...audit.features, ...Object.keys(audit.drop)]);
  const asked = [...(facts.excluded_columns ?? []), ...wishes.excluded].filter(
    (name) => name !== audit.target,
  );
  const leftOut = {
    ...before.leftOut,
    ...Object.fromEntries(asked.map((name) => [name, 'you asked for it'])),
  };
  const isWished = wishes.metric !== null && metricFits(wishes.metric, audit.problem_type);
  const metric = isWished
    ? { value: wishes.metric as string, because: wishes.metricNote ?? 'you asked for it' }
    : before.metric;
  const used = audit.features.filter((name) => leftOut[name] === undefined);
  const split = splitDecided(facts, audit.dates);
  return {
    ...{ ...before, leftOut, used, metric, uploaded: audit.rows ?? before.uploaded },
    split: split === null ? before.split : { value: splitWords(split), because: 'you asked for it' },
    repeats: repeatsWords(dropsRepeats(facts, audit.drop_duplicates)),
  };
}

/** The same of a table so wide that its record is not shown whole: kinds and some reasons are lacking. */
function audited(audit: Findings<'prep_audit'>): Knowledge {
  const { target, metric, split, features } = audit;
  const leaks = Object.entries(audit.leaks).map(([name, how]) => [name, givesAway(how)] as const);
  const leftOut = { ...audit.drop, ...Object.fromEntries(leaks) };
  return {
    ...NOTHING_KNOWN,
    table: categories([target, ...features, ...Object.keys(leftOut)]),
    target: { value: target, because: null },
    metric: { value: metric, because: null },
    split: { value: splitWords(split), because: split.because || null },
    used: features,
    leftOut,
    repeats: repeatsWords(audit.drop_duplicates),
  };
}

const categories = (names: readonly string[]): Knowledge['table'] =>
  names.map((name) => ({ name, kind: 'category' }));

function training(view: StageView, facts: Facts): Knowledge {
  const splits = latest(view, 'train_look');
  const before =
    preparationOf(view.lookedUp.get(PREP)?.content) ?? (splits === null ? NOTHING_KNOWN : seen(splits));
  const compare = latest(view, 'train_network') ?? latest(view, 'train_compare');
  const final = latest(view, 'train_final');
  const wishes = wishesInForce(view, splits?.feature_names ?? []);
  const asked = Object.fromEntries(wishes.excluded.map((name) => [name, 'you asked for it']));
  const leftOut = { ...before.leftOut, ...asked };
  const used = (splits?.feature_names ?? before.used).filter((name) => leftOut[name] === undefined);
  const metric = splits === null ? before.metric : metricInForce(judgeBy(facts, wishes, splits), before);
  const candidates = (compare?.candidates ?? []).map(({ name, title, mean }) => ({
    title: MODEL_TITLES[name] ?? title,
    mean,
  }));
  return { ...before, leftOut, used, metric, candidates, ...judgedBy(final) };
}

/** What is ordered holds from then on, whatever was recorded before or compared by another. */
const metricInForce = ({ metric, reason }: Judged, { metric: before }: Knowledge): Knowledge['metric'] => ({
  value: metric,
  because: reason ?? (before?.value === metric ? before.because : null),
});

/** What the splits themselves tell where the record of them is not shown whole. */
function seen({ target, metric, feature_names, dropped_names }: Findings<'train_look'>): Knowledge {
  return {
    ...NOTHING_KNOWN,
    table: categories([target, ...feature_names, ...dropped_names]),
    target: { value: target, because: null },
    metric: { value: metric, because: null },
    used: feature_names,
    leftOut: Object.fromEntries(
      dropped_names.map((name) => [name, 'an earlier stage did so; its report says why']),
    ),
  };
}

function judgedBy(final: Findings<'train_final'> | null): Pick<Knowledge, 'model' | 'scores' | 'importance'> {
  if (final === null) return { model: null, scores: null, importance: [] };
  const { title, metric, test, baseline, cv_mean: mean, cv_sd: sd, low, high } = final;
  const cv = mean === undefined || sd === undefined ? null : { mean, sd };
  const interval = { low: low ?? null, high: high ?? null };
  const scores =
    metric === undefined || test === undefined
      ? null
      : { metric, test, baseline: baseline ?? null, cv, interval };
  return { model: { value: title, because: null }, scores, importance: [] };
}
