/**
 * A model that is right about four columns of five and as sure of its errors: half of these are on columns whose
 * header says little, and they crowd in some tables, where it takes a column for its neighbour. Its two answers to a
 * column are always the same, so that nothing but the other sources can tell an error. What comes of it when it meets
 * them.
 */

import { createHash } from 'node:crypto';
import type { Classified, Classifier } from '../../classification/classifier.ts';
import { FUSION_DEFAULTS, type Fused, fuse } from '../../classification/fusion.ts';
import { agreedLabel, noTermConfidence } from '../../classification/model-labels/agreement.ts';
import { labelMass, noTermShare } from '../../classification/model-labels/label-mass.ts';
import { vacuous } from '../../core/evidence/mass.ts';
import type { LabelledColumn, LabelledTable } from './tables.ts';

const WRONG_SHARE = 0.2;
const WRONG_ON_UNCLEAR = 0.5;
/** Of the columns of a table with errors so many are wrong, as far as there are such. */
const WRONG_IN_TABLE = 0.6;
const SURE = 0.97;

export interface ScriptedColumn {
  table: string;
  column: string;
  label: string | null;
  /** What the model says. */
  says: string | null;
  predicted: string | null;
  /** The fused result would not be shown to a person. */
  isSure: boolean;
  challenged: boolean;
}

export interface ScriptedFigures {
  /** Of the columns. */
  modelAccuracy: number;
  fusedAccuracy: number;
  /** Shares of the columns: the model is sure of all that it says. */
  modelWrongAndSure: number;
  fusedWrongAndSure: number;
}

/** @returns all labelled columns, with what came of them */
export function scriptedModel(classifier: Classifier, tables: readonly LabelledTable[]): ScriptedColumn[] {
  const script = wrongAnswers(tables, classifier.vocabulary.frame.leaves);
  return tables.flatMap(({ table, columns }) => {
    const results = classifier.classifyTable(columns.map(({ sample }) => sample));
    return columns.flatMap((column, at): ScriptedColumn[] => {
      const result = results[at];
      if (column.label === null || result === undefined) return [];
      const { code: label } = column.label;
      const says = script.has(column) ? (script.get(column) ?? null) : label;
      const { decision, challenge } = fused(classifier, result, says);
      const { predicted, needsReview } = decision;
      const name = column.sample.name;
      return [
        { table, column: name, label, says, predicted, isSure: !needsReview, challenged: challenge !== null },
      ];
    });
  });
}

function fused(
  { vocabulary: { frame }, pairs }: Classifier,
  { evidence }: Classified,
  says: string | null,
): Fused {
  const answer = { code: says, confidence: SURE, alternatives: [] };
  const label = agreedLabel(frame, [answer, answer]);
  const mass = label === null ? vacuous(frame) : labelMass(frame, label);
  const noTerm = noTermShare(noTermConfidence([answer, answer]));
  return fuse([...evidence, { source: 'llm', mass, noTerm }], { ...FUSION_DEFAULTS, pairs });
}

export function scriptedFigures(columns: readonly ScriptedColumn[]): ScriptedFigures {
  const share = (holds: (column: ScriptedColumn) => boolean): number =>
    columns.filter(holds).length / columns.length;
  return {
    modelAccuracy: share(({ says, label }) => says === label),
    fusedAccuracy: share(({ predicted, label }) => predicted === label),
    modelWrongAndSure: share(({ says, label }) => says !== label),
    fusedWrongAndSure: share(({ predicted, label, isSure }) => predicted !== label && isSure),
  };
}

/** What the model says of the columns about which it is wrong. */
function wrongAnswers(
  tables: readonly LabelledTable[],
  leaves: readonly string[],
): Map<LabelledColumn, string> {
  const all = tables.flatMap(({ columns }) => columns.filter(({ label }) => label !== null));
  const errors = Math.round(all.length * WRONG_SHARE);
  const wrong = new Map<LabelledColumn, string>();
  const shuffled = tables.toSorted((one, other) => digest(one.table).localeCompare(digest(other.table)));
  const quotas = [
    { isUnclear: true, most: Math.round(errors * WRONG_ON_UNCLEAR) },
    { isUnclear: false, most: errors },
  ];
  for (const { isUnclear, most } of quotas)
    for (const { table, columns } of shuffled) {
      const own = columns.filter((column) => column.label !== null && isUnclear === column.isUnclear);
      const some = own.slice(0, Math.ceil(own.length * WRONG_IN_TABLE));
      for (const column of some)
        if (wrong.size < most) wrong.set(column, neighbourOf(column, { table, columns, leaves }));
    }
  return wrong;
}

interface Around {
  table: string;
  columns: readonly LabelledColumn[];
  leaves: readonly string[];
}

/** The term of the next column that has another one; where there is none, any. */
function neighbourOf(column: LabelledColumn, { table, columns, leaves }: Around): string {
  const at = columns.indexOf(column);
  const own = column.label?.code ?? null;
  const following = [...columns.slice(at + 1), ...columns.slice(0, at)];
  const next = following.find(({ label }) => (label?.code ?? null) !== null && label?.code !== own)?.label
    ?.code;
  const others = leaves.filter((code) => code !== own);
  const any =
    others[Number.parseInt(digest(`${table}.${column.sample.name}`).slice(0, 8), 16) % others.length];
  return next ?? any ?? '';
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
