/** What becomes of one clause, in words: what is done, and nothing else; or why nothing is. */

import { listed, theModel, withArticle } from '../prose.ts';
import { MODEL_TITLES } from '../stages/model-choice.ts';
import type { StageView } from '../view.ts';
import { pointsOf } from './ask-words.ts';
import { type Clause, changesSomething, type Effort, type Revoked, type Unfollowed } from './clause.ts';
import { MODEL_NAMES } from './clause-model.ts';
import { detailWords, OPEN_DETAILS } from './detail-words.ts';
import type { KnownColumns } from './known-columns.ts';
import { METRIC_MEANS, type NamedMetric, unmetMetric } from './metrics-named.ts';
import type { Given } from './wishes.ts';

const LONGEST_QUOTE = 120;
/** Beside what is followed. */
export const NOTHING_HERE = 'I find nothing in it that I can follow.';
export const NOTHING_IN_IT = 'I find nothing in it that I can follow, so nothing changes.';

/** What the answer to a clause is made of. */
export interface Heard {
  view: StageView;
  known: KnownColumns;
  /** What was given beside the instructions, for a clause of theirs; it goes before it. */
  given: Given | null;
  /** Whether something was ordered before that can be taken back. */
  mayUndo?: boolean;
}

/** A whole sentence or more, never empty. */
export function outcomeOf(clause: Clause, view: StageView, heard: Omit<Heard, 'view'>): string {
  const about = { ...heard, view };
  const sentences = [
    ...askWords(clause, view),
    ...stopWords(clause, about),
    ...targetWords(clause, about),
    ...columnWords(clause, about),
    ...metricPart(clause, about),
    ...modelWords(clause),
    ...rowWords(clause),
    ...clause.details.map(detailWords),
    ...(clause.aside === null
      ? []
      : [`I leave “${shortened(clause.aside)}” aside, which I do not understand.`]),
    ...(clause.consent ? ['I go on.'] : []),
  ];
  return sentences.length > 0 ? sentences.join(' ') : NOTHING_IN_IT;
}

function askWords(clause: Clause, view: StageView): string[] {
  if (clause.askNothing) return ['I ask nothing that I was told to ask before.'];
  if (!clause.ask) return [];
  if (pointsOf(clause.text, view.facts?.stage ?? 'eda').length > 0) return ['I ask you before I do that.'];
  return ['That was settled in an earlier stage, so I cannot ask; to be asked start that stage again.'];
}

const UNFOLLOWED: Record<Unfollowed, string> = {
  ...OPEN_DETAILS,
  split:
    'By which column are rows to be dealt? Say “split by …”, “split by time along …” or “split at random”. Nothing ' +
    'changes until you say.',
  'column kind':
    'A column can be read as a category, a number or a text. Nothing changes until you say which.',
  metrics: 'One measure decides: which of those is it? Nothing changes until you say.',
  metric: 'By what else should the model be judged? Nothing changes until you say.',
};

/** What the words leave open: it is asked back, and nothing is done until it is said. */
function stopWords(clause: Clause, { known }: Heard): string[] {
  const { ambiguous, unknownColumn, unknown, condition, unfollowed } = clause;
  if (unfollowed !== null) return [UNFOLLOWED[unfollowed]];
  if (ambiguous !== null) {
    const { words, candidates } = ambiguous;
    const offered = candidates.length > 0 ? candidates : known.columns;
    const which = offered.length > 0 ? `: ${listed(offered, 6)}` : '';
    return [`Which column is “${shortened(words)}”${which}? Nothing changes until you say.`];
  }
  if (unknownColumn !== null)
    return [
      `I know no column “${shortened(unknownColumn)}”: which do you mean? ${columnsHere(known)} Nothing changes ` +
        'until you say.',
    ];
  if (condition !== null)
    return [`I follow no condition (“${shortened(condition)}”), so nothing changes; say it without, or ask.`];
  if (unknown !== null)
    return [
      `I do not understand “${shortened(unknown)}”, so nothing changes; say it without, or in other words.`,
    ];
  return [];
}

function targetWords(clause: Clause, { view, known, given }: Heard): string[] {
  const stage = view.facts?.stage ?? 'eda';
  if (clause.unknownTarget) return [`I know no column in it to predict. ${columnsHere(known)}`];
  if (clause.target === null) return [];
  if (given?.target != null && given.target !== clause.target)
    return [`The target was given as \`${given.target}\`, which goes before these words: I predict that.`];
  if (stage === 'eda') return [`I predict \`${clause.target}\`.`];
  if (clause.target === known.target) return [`\`${clause.target}\` is what is predicted.`];
  return [
    `The target was settled in the exploration; to predict \`${clause.target}\` start that stage again.`,
  ];
}

function columnWords(clause: Clause, { view, known, mayUndo = true }: Heard): string[] {
  const stage = view.facts?.stage ?? 'eda';
  const meant = changesSomething(clause) ? clause.meant : [];
  const sentences = meant.map(({ written, column }) => `I take “${written}” for \`${column}\`.`);
  const { swap } = clause;
  if (clause.undo)
    sentences.push(mayUndo ? 'I take the last change back.' : 'There is no change of yours to take back.');
  if (clause.revoked !== null) sentences.push(revokedWords(clause.revoked, stage, known));
  if (swap !== null)
    sentences.push(
      `Where you named \`${swap.from}\` to leave it out or predict it, I take \`${swap.to}\` instead.`,
    );
  if (clause.excluded.length > 0) sentences.push(exclusionWords(clause.excluded, view, known));
  if (clause.included.length > 0) sentences.push(inclusionWords(clause.included, stage, known));
  if (clause.only.length > 0)
    sentences.push(`I use ${listed(clause.only, 12)} alone and leave out the others.`);
  if (clause.ofRows)
    sentences.push('I leave out columns, not rows or values; which rows go is told in the reports.');
  return sentences;
}

function revokedWords(revoked: Revoked, stage: string, known: KnownColumns): string {
  const features = new Set(known.features);
  const out = revoked.columns.filter((name) => name !== known.target && !features.has(name));
  const earlier = stage === 'eda' || out.length === 0 ? '' : ` ${inclusionWords(out, stage, known)}`;
  return `What you said before of ${revokedNames(revoked)} counts no more.${earlier}`;
}

/** What is taken back, by name; all of a kind at once is named by the kind. */
export function revokedNames({
  columns,
  metrics,
  models,
  target,
  split,
  repeats,
  threshold,
}: Revoked): string {
  const titles = models.map((name) => MODEL_TITLES[name] ?? name);
  const parts = [
    ...columns.map((name) => `\`${name}\``),
    ...(metrics.length === Object.keys(METRIC_MEANS).length ? ['the metric'] : metrics),
    ...(models.length === MODEL_NAMES.length ? ['the model'] : titles),
    ...(target ? ['the target'] : []),
    ...(split ? ['the split'] : []),
    ...(repeats ? ['repeats'] : []),
    ...(threshold ? ['the threshold'] : []),
  ];
  return parts.join(', ');
}

const columnsHere = ({ columns }: KnownColumns): string =>
  columns.length === 0 ? '' : `The columns are ${listed(columns, 12)}.`;

function exclusionWords(names: readonly string[], view: StageView, known: KnownColumns): string {
  const stage = view.facts?.stage ?? 'eda';
  const features = new Set(known.features);
  const target = names.filter((name) => name === known.target);
  const others = names.filter((name) => name !== known.target);
  const now = stage === 'eda' ? others : others.filter((name) => features.has(name));
  const already = stage === 'eda' ? [] : others.filter((name) => !features.has(name));
  const sentences: string[] = [];
  if (target.length > 0) sentences.push(`${listed(target)} is what is predicted, so it stays.`);
  if (now.length > 0)
    sentences.push(
      stage === 'train'
        ? `I leave ${listed(now)} out of what every candidate and the model learn from. The splits ` +
            `keep ${now.length === 1 ? 'it' : 'them'}; to build those without, start the preparation ` +
            'again.'
        : `I leave out ${listed(now)}.`,
    );
  if (already.length > 0)
    sentences.push(`${listed(already)} ${already.length === 1 ? 'is' : 'are'} left out already.`);
  return sentences.join(' ');
}

function inclusionWords(names: readonly string[], stage: string, known: KnownColumns): string {
  const features = new Set(known.features);
  const out = names.filter((name) => name !== known.target && !features.has(name));
  if (stage === 'eda' || out.length === 0)
    return (
      `${listed(names)} ${names.length === 1 ? 'stays' : 'stay'} in, unless the table or the ` +
      'settings speak against it.'
    );
  return (
    `${listed(out)} ${out.length === 1 ? 'was' : 'were'} left out in an earlier stage; start ` +
    'that stage again with this wish.'
  );
}

function metricPart({ metric }: Clause, { known, given }: Heard): string[] {
  if (metric === null) return [];
  if (given?.metric != null && given.metric !== metric.metric)
    return [
      `The metric was given as ${given.metric}, which goes before these words: the model is judged by that.`,
    ];
  return [metricWords(metric, known)];
}

function metricWords({ metric: given, metricNote, unknownMetric }: NamedMetric, known: KnownColumns): string {
  const metric = given ?? null;
  const named = { metric, unknownMetric };
  const [unmet] =
    known.problem === null && metric !== null ? [] : unmetMetric(named, known.problem ?? 'binary');
  if (unmet !== undefined) return unmet;
  return `The model is chosen and judged by ${metric}${metricNote ? ` (${metricNote})` : ''}.`;
}

function rowWords({ split, kinds, repeats }: Clause): string[] {
  const sentences = kinds.map(({ column, kind }) => `\`${column}\` is read as a ${kind}.`);
  if (split !== null && split.strategy !== 'random' && split.by === null) sentences.push(UNFOLLOWED.split);
  else if (split?.strategy === 'random') sentences.push('Rows are dealt one by one, at random.');
  else if (split !== null)
    sentences.push(
      split.strategy === 'time'
        ? `Rows are dealt by time along \`${split.by}\`.`
        : `Rows are dealt by \`${split.by}\`, all rows of a value on one side.`,
    );
  if (repeats !== null)
    sentences.push(
      `Rows that repeat others are ${repeats === 'keep' ? 'kept' : 'left out, once each is kept'}.`,
    );
  return sentences;
}

const EFFORTS: Record<Effort, string> = {
  simpler: 'Simpler: training compares the linear model with a dummy alone.',
  faster: 'Faster: training compares fewer candidates, on the folds once.',
  careful: 'More careful: training deals the folds twice as often.',
};

function modelWords({ model, withoutModels, unknownModel, effort }: Clause): string[] {
  const titled = (name: string) => MODEL_TITLES[name] ?? name;
  const sentences: string[] = [];
  if (model !== null)
    sentences.push(`Training compares ${theModel(titled(model))} and fits it, if it can be fitted.`);
  for (const name of withoutModels) sentences.push(`Training does not try ${withArticle(titled(name))}.`);
  if (unknownModel !== null)
    sentences.push(`I have no ${unknownModel} to order, so nothing changes; I know ${offeredModels()}.`);
  if (effort !== null) sentences.push(EFFORTS[effort]);
  return sentences;
}

const offeredModels = (): string =>
  Object.entries(MODEL_TITLES)
    .flatMap(([name, title]) => (['dummy', 'blend', 'network'].includes(name) ? [] : [title]))
    .join(', ');

export function shortened(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text;
}
