/** What is stored of a column of a run, beside its names. */

import type { ClassifiedColumn, ColumnKey, Masses } from './records.ts';

/** Where a column stands in its run. */
export interface ColumnPlace {
  table_position: number;
  column_position: number;
}

export interface StoredSample {
  total_count: number | null;
  null_count: number | null;
  distinct_count: number | null;
  reservoir: string[];
  /** By a foreign key of its source. */
  references?: { table: string; column: string } | undefined;
  is_key?: boolean | undefined;
}

export interface StoredEvidence {
  sources: StoredSource[];
  /** Forms and lists, and how many values have or stand in them. */
  signals: { name: string; title: string; matched: number; of: number; counts_as: string }[];
  contains: { name: string; title: string; values: number }[];
}

/** What a column's header speaks by. */
const SOURCES_OF_HEADERS: readonly string[] = ['name_match', 'cosine'];

/** Whether the column's header says anything; one that does not is a hidden one. */
export const isHeaderKnown = ({ sources }: Pick<StoredEvidence, 'sources'>): boolean =>
  sources.some(
    ({ source, masses }) =>
      SOURCES_OF_HEADERS.includes(source) && Object.keys(masses).some((codes) => codes !== ''),
  );

/** What one source says. */
export interface StoredSource {
  source: string;
  masses: Masses;
  reasons: string[];
}

/** The model's own word, kept apart from what is decided. */
export interface StoredLabel {
  code: string | null;
  confidence: number;
  alternatives: { code: string; confidence: number }[];
  reason: string;
  /** The round in which it was asked for, 0 being the first. */
  round: number;
}

/** What is decided; the columns of results that are no keys. */
export type StoredResult = Omit<
  ClassifiedColumn,
  keyof ColumnKey | keyof ColumnPlace | 'type' | 'reference_code' | 'llm_code' | 'llm_confidence'
> & {
  fused: Masses;
  reasons: string[];
  /** Why the model should be asked again; null: it need not. */
  revisit: 'challenged' | 'overruled' | 'uncertain' | null;
};
