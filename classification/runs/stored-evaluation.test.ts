/** An evaluation as it is stored: columns with known and with hidden headers apart. */

import { isHeaderKnown, type StoredSource } from '../../core/classification/stored-columns.ts';
import type { Judgement } from '../evaluation/judgement.ts';
import { bundled } from '../testing/bundled.ts';
import { storedEvaluation } from './stored-evaluation.ts';

const { vocabulary } = bundled();
const judged = (predicted: string | null, isKnown: boolean): Judgement => ({
  ...{ label: 'EMAIL', predicted, cautious: null, probability: 0.9, needsReview: predicted === null },
  isHeaderKnown: isKnown,
});

test('columns whose header says something are measured apart from those whose header does not', () => {
  const hidden = [judged(null, false), judged('CITY', false), judged('EMAIL', false)];
  const found = storedEvaluation(vocabulary, [judged('EMAIL', true), ...hidden]);
  expect(found).toMatchObject({ columns: 4, exact_accuracy: 0.5 });
  expect(found?.headers?.known).toMatchObject({ columns: 1, exact_accuracy: 1, micro_f1: 1 });
  expect(found?.headers?.hidden).toMatchObject({
    ...{ columns: 3, exact_accuracy: 1 / 3 },
    review: { reviewed_share: 1 / 3, errors_caught: 0.5 },
  });
  expect(storedEvaluation(vocabulary, hidden)?.headers?.known).toBeNull();
  expect(storedEvaluation(vocabulary, [])).toBeNull();
});

test('a header is known where its name or the texts near to it speak for a term', () => {
  const says = (source: string, masses: StoredSource['masses']): StoredSource => ({
    source,
    masses,
    reasons: [],
  });
  const nothing = { '': 1 };
  expect(isHeaderKnown({ sources: [says('name_match', { EMAIL: 0.5, '': 0.5 })] })).toBe(true);
  expect(
    isHeaderKnown({ sources: [says('name_match', nothing), says('cosine', { EMAIL: 0.7, '': 0.3 })] }),
  ).toBe(true);
  expect(isHeaderKnown({ sources: [says('name_match', nothing), says('pattern', { EMAIL: 1 })] })).toBe(
    false,
  );
});
