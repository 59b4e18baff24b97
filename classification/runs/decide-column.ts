/** All sources of a column together, what a person has decided among them, and the decision that comes of it. */

import type { ClassificationSettings } from '../../core/classification/settings.ts';
import type { StoredResult } from '../../core/classification/stored-columns.ts';
import { type DecisionSettings, decide } from '../../core/evidence/belief.ts';
import { combine, conflicts } from '../../core/evidence/combine.ts';
import type { Frame } from '../../core/evidence/frame.ts';
import { type MassFunction, massFunction } from '../../core/evidence/mass.ts';
import type { Classifier } from '../classifier.ts';
import { reviewReasons } from '../explanation.ts';
import { labelOf, pathOf } from '../vocabulary/vocabulary.ts';
import type { ColumnToDecide, Reviewed } from './requests.ts';
import { massesFrom, storedMasses } from './stored-masses.ts';
import { type Place, placeOf } from './term-map.ts';

interface Deciding {
  classifier: Classifier;
  places: readonly Place[];
  settings: ClassificationSettings;
}

export function decideColumn(
  { classifier, places, settings }: Deciding,
  { evidence, reviewed }: ColumnToDecide,
): StoredResult {
  const { vocabulary } = classifier;
  const { frame } = vocabulary;
  const masses = evidence.sources.map(({ masses: stored }) => massesFrom(frame, stored));
  const speaking = [...masses, ...personsMass(frame, reviewed)];
  const mass = classifier.withConfusion(combine(settings.rule, speaking).mass);
  const decided = decide(mass, decisionSettings(settings));
  const isNone = reviewed?.decision === 'none';
  const predicted = isNone ? null : decided.predicted;
  return {
    predicted_code: predicted,
    predicted_label: predicted === null ? null : labelOf(vocabulary, predicted),
    predicted_path: predicted === null ? null : pathOf(vocabulary, predicted).join(' › '),
    cautious_code: isNone ? null : decided.cautious,
    ...{ belief: decided.belief, plausibility: decided.plausibility, gap: decided.gap },
    ...{ probability: decided.probability, conflict: largest(conflicts(speaking)) },
    needs_review: reviewed === null || reviewed.decision === 'reject' ? decided.needsReview : false,
    sensitivity: predicted === null ? null : (vocabulary.terms.get(predicted)?.sensitivity ?? null),
    contains: evidence.contains.map(({ name }) => name),
    ...{ reviewed: reviewed?.decision ?? null, reviewed_code: reviewed?.code ?? null },
    ...placeOf(mass, places),
    fused: storedMasses(mass),
    reasons: reviewed === null ? reviewReasons(decided, decisionSettings(settings)) : [],
  };
}

const decisionSettings = (settings: ClassificationSettings): DecisionSettings => ({
  ...{ threshold: settings.threshold, floor: settings.floor },
  ...{ reviewBelief: settings.review_belief, reviewGap: settings.review_gap },
});

/** Short of certain, so that sources which exclude it still leave something to combine. */
const PERSONS_MASS = 0.99;

/** A person's word outweighs every source, and stands beside them; a term that the vocabulary has no more says nothing. */
function personsMass(frame: Frame, reviewed: Reviewed | null): MassFunction[] {
  const { decision = null, code = null } = reviewed ?? {};
  if (code === null || !frame.nodes.has(code)) return [];
  const set = frame.setOfCode(code);
  if (decision === 'accept' || decision === 'correct') return [massFunction(frame, [[set, PERSONS_MASS]])];
  const others = frame.leaves.flatMap((_, leaf) => (frame.contains(set, leaf) ? [] : [leaf]));
  return decision === 'reject' && others.length > 0
    ? [massFunction(frame, [[frame.setOf(others), PERSONS_MASS]])]
    : [];
}

const largest = (table: readonly (readonly number[])[]): number => Math.max(0, ...table.flat());
