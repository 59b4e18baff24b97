/** What speaks for a term, as people read it. */

const SOURCE_WORDS: Readonly<Record<string, string>> = {
  ...{ name_match: 'Name', pattern: 'Form of the values', values: 'Known values', type: 'Declared type' },
  ...{
    context: 'Context',
    cosine: 'Similar text',
    shape: 'Look of the values',
    llm: 'Model',
    svm: 'Learned (SVM)',
  },
  ...{ catboost: 'Learned (CatBoost)', family: 'Model and learned', review: 'A person' },
};

/** A source that is not known here is called by its own name. */
export const sourceName = (source: string): string => {
  const known = SOURCE_WORDS[source];
  if (known !== undefined) return known;
  const words = source.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

interface SignalCounts {
  matched: number;
  of: number;
  counts_as: 'evidence' | 'signal' | 'nothing';
}

/** `47 of 50 values, counts as evidence`. */
export function signalWords({ matched, of, counts_as: role }: SignalCounts): string {
  const counts = { evidence: 'counts as evidence', signal: 'a sign only', nothing: 'too few to count' }[role];
  return `${matched} of ${of} values, ${counts}`;
}

/** Values that are shown as they are, with what cannot be seen made visible. */
export const shownValue = (value: string): string => {
  if (value === '') return '“”';
  return value.replaceAll('\n', '⏎').replaceAll('\t', '⇥').replaceAll('\r', '␍');
};
