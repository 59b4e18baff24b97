/** What is told of one column, the same for people and programs. */

import type { Explanation, ShownMass, ShownSignal, ShownTerm } from '../core/classification/answers.ts';
import { DECISION_DEFAULTS, type Decision, type DecisionSettings, isLess } from '../core/evidence/belief.ts';
import type { MassFunction } from '../core/evidence/mass.ts';
import type { Classified } from './classifier.ts';
import { isEvidence, type Signal } from './evidence.ts';
import { REVIEW_PROBABILITY } from './probability/calibration.ts';
import { labelOf, pathOf, type Vocabulary } from './vocabulary/vocabulary.ts';

const MOST_CODES = 6;

/** @param names what the vocabulary is called */
export function explanationOf(
  vocabulary: Vocabulary,
  classified: Classified,
  names: { vocabulary: string },
): Explanation {
  const { column, decision, evidence, patterns, valueLists, contains, mass } = classified;
  const { terms, frame, form, findings } = vocabulary;
  const { belief, plausibility, gap, probability, needsReview } = decision;
  return {
    column: {
      ...{ name: column.name, table: column.table || null, type: column.type || null },
      ...{ values: column.values.length, values_left_out: column.leftOut },
    },
    vocabulary: {
      ...{ name: names.vocabulary, form, terms: terms.size, leaves: frame.leaves.length },
      findings: findings.map(({ kind, line, message }) => `${kind}, line ${line}: ${message}`),
    },
    prediction: shownTerm(vocabulary, decision.predicted),
    cautious: shownTerm(vocabulary, decision.cautious),
    ...{ belief: rounded(belief), plausibility: rounded(plausibility), gap: rounded(gap) },
    probability: rounded(probability),
    needs_review: needsReview,
    review_reasons: reviewReasons(decision),
    sources: evidence.map(({ source, mass: own, reasons }) => ({
      ...{ source, masses: shownMasses(vocabulary, own), reasons: [...reasons] },
    })),
    fused: shownMasses(vocabulary, mass),
    patterns: patterns.map(shownSignal),
    value_lists: valueLists.map(shownSignal),
    contains: contains.map((each) => ({ ...each })),
    conflicts: shownConflicts(classified),
  };
}

export function shownTerm(vocabulary: Vocabulary, code: string | null): ShownTerm | null {
  if (code === null) return null;
  const sensitivity = vocabulary.terms.get(code)?.sensitivity ?? null;
  return { code, label: labelOf(vocabulary, code), path: pathOf(vocabulary, code), sensitivity };
}

/** Why a person should look at it; none where nobody need. */
export function reviewReasons(
  { predicted, belief, gap, probability, needsReview }: Decision,
  { floor, reviewBelief, reviewGap }: DecisionSettings = DECISION_DEFAULTS,
): string[] {
  if (!needsReview) return [];
  if (predicted === null && belief >= floor)
    return ['A model says that no term fits, and other sources speak for one.'];
  if (predicted === null) return [`Nothing is believed to ${floor} or more: what it is, is not known.`];
  return [
    isLess(belief, reviewBelief)
      ? [`It is believed to ${inWords(belief)}, which is less than ${reviewBelief}.`]
      : [],
    isLess(reviewGap, gap)
      ? [`What is not known of it is ${inWords(gap)}, which is more than ${reviewGap}.`]
      : [],
    isLess(probability, REVIEW_PROBABILITY)
      ? [`Of such columns ${inWords(probability)} are right, which is less than ${REVIEW_PROBABILITY}.`]
      : [],
  ].flat();
}

/** The largest first, the whole frame last. */
export function shownMasses(vocabulary: Vocabulary, { frame, masses }: MassFunction): ShownMass[] {
  const nodes = new Map([...vocabulary.frame.nodes.values()].map(({ code, set }) => [set, code]));
  const shares = [...masses]
    .filter(([set]) => set !== frame.whole)
    .sort(([one, a], [other, b]) => b - a || one - other)
    .map(([set, mass]): ShownMass => {
      const node = nodes.get(set);
      const codes = node === undefined ? frame.leavesOf(set).map((leaf) => frame.leaves[leaf] ?? '') : [node];
      return { codes, label: labelOfAny(vocabulary, codes), mass: rounded(mass) };
    });
  const whole = masses.get(frame.whole) ?? 0;
  return [...shares, { codes: null, label: 'not known', mass: rounded(whole) }];
}

function labelOfAny(vocabulary: Vocabulary, codes: readonly string[]): string {
  const labels = codes.slice(0, MOST_CODES).map((code) => labelOf(vocabulary, code));
  const rest = codes.length - labels.length;
  return [...labels, ...(rest > 0 ? [`${rest} others`] : [])].join(' or ');
}

const shownSignal = (signal: Signal): ShownSignal => ({
  ...{ name: signal.name, title: signal.title, matched: signal.matched, of: signal.of },
  counts_as: isEvidence(signal) ? 'evidence' : signal.fires ? 'signal' : 'nothing',
  attached: signal.attached.map(({ code, reason }) => ({ code, reason })),
});

const shownConflicts = ({ evidence, conflicts }: Classified): Explanation['conflicts'] =>
  evidence.flatMap(({ source }, one) =>
    evidence.slice(0, one).map((other, at): Explanation['conflicts'][number] => ({
      between: [other.source, source],
      conflict: rounded(conflicts[one]?.[at] ?? 0),
    })),
  );

const rounded = (share: number): number => Math.round(share * 1e6) / 1e6;
const inWords = (share: number): string => share.toFixed(2);
