/**
 * What is answered to the person's words: how each clause was understood, and what cannot be followed. It is said in
 * the turn in which the words come or, where they need the table's columns, in the turn in which those are known.
 */

import { pointsOf } from './ask-words.ts';
import { type Clause, isUnderstood } from './clause.ts';
import { readClauses } from './clauses.ts';
import { type KnownColumns, knownColumns } from './known-columns.ts';
import { type NamedMetric, unmetMetric } from './metrics-named.ts';
import { listed } from './prose.ts';
import type { StageView, Words } from './stage-view.ts';
import type { Given } from './wishes.ts';

const LONGEST_QUOTE = 120;
/** Clauses of one message that are answered one by one. */
const MOST_ANSWERED = 100;
const TAIL =
  'Beyond a target, columns to leave out, a metric and what to ask first I follow nothing offline. ';
const NOTHING_IN_IT = 'I find nothing in it that I can follow, so nothing changes.';
const LATER = 'noted; I read it again when I know the columns.';

/** Empty when nothing is to be answered; validation's errors are answered by mending. */
export function acknowledge(view: StageView): string {
  if (view.facts === null || view.followUp !== null) return '';
  const known = knownColumns(view);
  const sentences = view.words.flatMap((words) => tell(view, words, known));
  if (sentences.length === 0) return '';
  const tail = sentences.some((text) => text.includes(NOTHING_IN_IT) || text.endsWith(LATER)) ? TAIL : '';
  return `${sentences.join(' ')} ${tail}`;
}

function tell(view: StageView, words: Words, known: KnownColumns): string[] {
  if (words.turn === null) return [];
  const needsColumns = !readClauses(words.text, []).every(isUnderstood);
  const turn = !needsColumns ? words.turn : Math.max(words.turn, known.since ?? Number.POSITIVE_INFINITY);
  const quoted = `You said “${shortened(words.quote)}”:`;
  if (turn !== view.turn) {
    const isInstruction = words.quote === view.facts?.instructions;
    return needsColumns && known.since === null && words.turn === view.turn && !isInstruction
      ? [`${quoted} ${LATER}`]
      : [];
  }
  const clauses = readClauses(words.text, known.columns);
  const given = words.quote === view.facts?.instructions ? view.facts : null;
  const outcomes = clauses.map((clause) => outcomeOf(clause, view, { known, given }));
  if (clauses.every((clause) => clause.consent)) return [];
  if (clauses.length === 1) return [`${quoted} ${outcomes[0]}`];
  if (outcomes.every((outcome) => outcome === NOTHING_IN_IT)) return [`${quoted} ${NOTHING_IN_IT}`];
  const each = outcomes
    .slice(0, MOST_ANSWERED)
    .map((outcome, place) => `“${shortened(clauses[place]?.text ?? '')}”: ${outcome}`);
  const more = outcomes.length - each.length;
  return [`You said ${each.join(' ')}${more > 0 ? ` And ${more} more, read the same way.` : ''}`];
}

/**
 * What becomes of one clause; a whole sentence or more, never empty. `given` goes before it, where it is of the
 * instructions.
 */
export function outcomeOf(
  clause: Clause,
  view: StageView,
  { known, given }: { known: KnownColumns; given: Given | null },
): string {
  const stage = view.facts?.stage ?? 'eda';
  const sentences: string[] = [];
  if (clause.ask)
    sentences.push(
      pointsOf(clause.text, stage).length > 0
        ? 'I ask you before I do that.'
        : 'That was settled in an earlier stage, so I cannot ask; to be asked start that stage again.',
    );
  if (clause.askNothing) sentences.push('I ask nothing that I was told to ask before.');
  if (clause.target !== null && given?.target != null && given.target !== clause.target)
    sentences.push(
      `The target was given as \`${given.target}\`, which goes before these words: I predict that.`,
    );
  else if (clause.target !== null)
    sentences.push(
      stage === 'eda'
        ? `I predict \`${clause.target}\`.`
        : clause.target === known.target
          ? `\`${clause.target}\` is what is predicted.`
          : `The target was settled in the exploration; to predict \`${clause.target}\` start that stage again.`,
    );
  if (clause.unknownTarget) sentences.push(`I know no column in it to predict. ${columnsHere(known)}`);
  if (clause.excluded.length > 0) sentences.push(exclusionWords(clause.excluded, view, known));
  if (clause.included.length > 0) sentences.push(inclusionWords(clause.included, stage, known));
  if (clause.only.length > 0)
    sentences.push(
      `I can leave columns out, but not keep ${listed(clause.only)} alone; name those to leave ` +
        'out, and nothing changes until then.',
    );
  if (clause.unknownColumn !== null)
    sentences.push(
      `I know no column “${shortened(clause.unknownColumn)}”: which do you mean? ${columnsHere(known)}`,
    );
  if (clause.ofRows)
    sentences.push('I leave out columns, not rows or values; which rows go is told in the reports.');
  if (clause.metric !== null && given?.metric != null && given.metric !== clause.metric.metric)
    sentences.push(
      `The metric was given as ${given.metric}, which goes before these words: the model is judged by that.`,
    );
  else if (clause.metric !== null) sentences.push(metricWords(clause.metric, known));
  if (clause.consent) sentences.push('I go on.');
  return sentences.length > 0 ? sentences.join(' ') : NOTHING_IN_IT;
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
    `${listed(out)} ${out.length === 1 ? 'was' : 'were'} left out in the exploration; start ` +
    'that stage again with this wish.'
  );
}

function metricWords({ metric: given, metricNote, unknownMetric }: NamedMetric, known: KnownColumns): string {
  const metric = given ?? null;
  const named = { metric, unknownMetric };
  const [unmet] =
    known.problem === null && metric !== null ? [] : unmetMetric(named, known.problem ?? 'binary');
  if (unmet !== undefined) return unmet;
  return `The model is chosen and judged by ${metric}${metricNote ? ` (${metricNote})` : ''}.`;
}

function shortened(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text;
}
