/** All sources of a column together, what a person has decided among them, and the decision that comes of it. */

import type { ClassificationSettings } from '../../core/classification/settings.ts';
import type { StoredLabel, StoredResult } from '../../core/classification/stored-columns.ts';
import { type DecisionSettings, decide } from '../../core/evidence/belief.ts';
import { combine } from '../../core/evidence/combine.ts';
import { EMPTY, type Frame, type SetId } from '../../core/evidence/frame.ts';
import { type MassFunction, massFunction, vacuous } from '../../core/evidence/mass.ts';
import type { Classifier } from '../classifier.ts';
import { isSource } from '../evidence.ts';
import { reviewReasons } from '../explanation.ts';
import { FUSION_DEFAULTS, fuse, type SourceMass } from '../fusion.ts';
import { labelMass, noTermShare } from '../model-labels/label-mass.ts';
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
  column: ColumnToDecide,
): StoredResult {
  const { evidence, reviewed } = column;
  const { vocabulary, pairs, calibration } = classifier;
  const sources = sourcesOf(vocabulary.frame, column);
  const decision = decisionSettings(settings);
  const fused = fuse(sources, { ...FUSION_DEFAULTS, rule: settings.rule, decision, pairs, calibration });
  const mass = withPerson(fused.mass, reviewed);
  const decided = mass === fused.mass ? fused.decision : decide(mass, decision);
  const isNone = reviewed?.decision === 'none';
  const predicted = isNone ? null : decided.predicted;
  return {
    predicted_code: predicted,
    predicted_label: predicted === null ? null : labelOf(vocabulary, predicted),
    predicted_path: predicted === null ? null : pathOf(vocabulary, predicted).join(' › '),
    cautious_code: isNone ? null : decided.cautious,
    ...{ belief: decided.belief, plausibility: decided.plausibility, gap: decided.gap },
    ...{ probability: decided.probability, conflict: largest(fused.conflicts) },
    needs_review: reviewed === null || reviewed.decision === 'reject' ? decided.needsReview : false,
    sensitivity: predicted === null ? null : (vocabulary.terms.get(predicted)?.sensitivity ?? null),
    contains: evidence.contains.map(({ name }) => name),
    ...{ reviewed: reviewed?.decision ?? null, reviewed_code: reviewed?.code ?? null },
    ...placeOf(mass, places),
    fused: storedMasses(mass),
    revisit: reviewed === null ? fused.revisit : null,
    reasons: reviewed === null ? reviewReasons(decided, decision) : [],
  };
}

const decisionSettings = (settings: ClassificationSettings): DecisionSettings => ({
  ...{ threshold: settings.threshold, floor: settings.floor },
  ...{ reviewBelief: settings.review_belief, reviewGap: settings.review_gap },
});

/** What each source says of it. */
export function sourcesOf(
  frame: Frame,
  { evidence, llm, learned }: Omit<ColumnToDecide, 'reviewed'>,
): (SourceMass & { reasons: string[] })[] {
  const stored = [...evidence.sources, ...learned].flatMap(({ source, masses, reasons }) =>
    isSource(source) ? [{ source, mass: massesFrom(frame, masses), reasons }] : [],
  );
  if (llm === null) return stored;
  const reasons = llm.reason === '' ? [] : [llm.reason];
  const noTerm = llm.code === null ? noTermShare(llm.confidence) : 0;
  return [...stored, { source: 'llm', mass: massOfLabel(frame, llm), reasons, noTerm }];
}

const massOfLabel = (frame: Frame, { code, ...label }: StoredLabel): MassFunction =>
  code === null ? vacuous(frame) : labelMass(frame, { code, ...label });

/** Short of certain, so that sources which exclude it still leave something to combine. */
const PERSONS_MASS = 0.99;

/** A person's word outweighs what all sources say together; a term that the vocabulary has no more says nothing. */
function withPerson(mass: MassFunction, reviewed: Reviewed | null): MassFunction {
  const { frame } = mass;
  const { decision = null, code = null } = reviewed ?? {};
  if (code === null || !frame.nodes.has(code)) return mass;
  const set = decision === 'reject' ? allBut(frame, code) : frame.setOfCode(code);
  if (set === EMPTY) return mass;
  return combine('dempster', [mass, massFunction(frame, [[set, PERSONS_MASS]])]).mass;
}

function allBut(frame: Frame, code: string): SetId {
  const set = frame.setOfCode(code);
  return frame.setOf([...frame.leaves.keys()].filter((leaf) => !frame.contains(set, leaf)));
}

const largest = (table: readonly (readonly number[])[]): number => Math.max(0, ...table.flat());
