/** What a column's stored evidence says, in words: of each source, of each two, and what would change the outcome. */

import type { Change, ColumnReading, LikelyTerm } from '../../core/classification/answers.ts';
import type { ClassificationSettings } from '../../core/classification/settings.ts';
import { bettingProbabilities } from '../../core/evidence/belief.ts';
import { conflicts } from '../../core/evidence/combine.ts';
import { isVacuous, type MassFunction } from '../../core/evidence/mass.ts';
import { shownMasses, shownTerm } from '../explanation.ts';
import type { ReadyVocabulary } from '../ready-vocabularies.ts';
import { decideColumn, sourcesOf } from '../runs/decide-column.ts';
import type { ColumnToDecide } from '../runs/requests.ts';
import { massesFrom } from '../runs/stored-masses.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';

/** Terms of which the probability is told. */
const MOST_LIKELY = 8;

interface Reading {
  ready: ReadyVocabulary;
  settings: ClassificationSettings;
}

export function readColumn({ ready, settings }: Reading, column: ColumnToDecide): ColumnReading {
  const { vocabulary } = ready.classifier;
  const decided = decideColumn({ ...ready, settings }, column);
  const sources = sourcesOf(vocabulary.frame, column);
  const fused = massesFrom(vocabulary.frame, decided.fused);
  const likely = likelyTerms(vocabulary, fused);
  return {
    sources: sources.map(({ source, mass, reasons }) => ({
      ...{ source, masses: shownMasses(vocabulary, mass), reasons },
    })),
    fused: shownMasses(vocabulary, fused),
    reasons: decided.reasons,
    conflicts: conflictsOf(sources),
    likely,
    change: changeOf({ ready, settings }, column, likely),
  };
}

function likelyTerms(vocabulary: Vocabulary, mass: MassFunction): LikelyTerm[] {
  const { leaves } = vocabulary.frame;
  return [...bettingProbabilities(mass)]
    .map((probability, leaf) => ({ probability, leaf }))
    .sort((one, other) => other.probability - one.probability || one.leaf - other.leaf)
    .slice(0, MOST_LIKELY)
    .flatMap(({ probability, leaf }) => {
      const term = shownTerm(vocabulary, leaves[leaf] ?? null);
      return term === null ? [] : [{ ...term, probability }];
    });
}

function conflictsOf(sources: readonly { source: string; mass: MassFunction }[]): ColumnReading['conflicts'] {
  const table = conflicts(sources.map(({ mass }) => mass));
  return sources.flatMap(({ source }, one) =>
    sources.slice(0, one).map((other, at): ColumnReading['conflicts'][number] => ({
      between: [other.source, source],
      conflict: table[one]?.[at] ?? 0,
    })),
  );
}

/** The column without the word of some sources, and without a person's. */
function without({ evidence, llm, learned }: ColumnToDecide, left: readonly string[]): ColumnToDecide {
  const speaks = ({ source }: { source: string }) => !left.includes(source);
  return {
    evidence: { ...evidence, sources: evidence.sources.filter(speaks) },
    llm: left.includes('llm') ? null : llm,
    learned: learned.filter(speaks),
    reviewed: null,
  };
}

/** A person's decision is left out: what is asked is what the sources would have to say. */
function changeOf(
  { ready, settings }: Reading,
  column: ColumnToDecide,
  likely: readonly LikelyTerm[],
): Change {
  const { vocabulary } = ready.classifier;
  const speaking = sourcesOf(vocabulary.frame, column)
    .filter(({ mass }) => !isVacuous(mass))
    .map(({ source }) => source);
  const decide = (left: readonly string[]) =>
    left.length === speaking.length && left.length > 0
      ? null
      : decideColumn({ ...ready, settings }, without(column, left));
  const predicted = decide([])?.predicted_code ?? null;
  const alone = speaking.map((source) => ({ source, decided: decide([source]) }));
  const changes = (left: readonly string[]) => (decide(left)?.predicted_code ?? null) !== predicted;
  const single = speaking.find((source) => changes([source]));
  // those without which least is left come first: so few sources are found
  const byWeight = alone
    .toSorted((one, other) => (one.decided?.probability ?? 0) - (other.decided?.probability ?? 0))
    .map(({ source }) => source);
  const several = byWeight.map((_, at) => byWeight.slice(0, at + 1)).find(changes) ?? [];
  const sources = single === undefined ? several : [single];
  return {
    second: likely.find(({ code }) => code !== predicted) ?? null,
    sources,
    instead: shownTerm(vocabulary, decide(sources)?.predicted_code ?? null),
    without: alone.map(({ source, decided }) => ({
      source,
      prediction: shownTerm(vocabulary, decided?.predicted_code ?? null),
      probability: decided?.probability ?? 0,
    })),
  };
}
