import { LARGEST_VOCABULARY as TAKEN, VocabularyIdParams } from '../../../../api/classification-schemas.ts';
import { LARGEST_VOCABULARY, vocabularyId, vocabularyName } from './vocabulary-id.ts';

test('a name becomes an id that the platform takes', () => {
  for (const [name, id] of [
    ['Retail terms', 'retail-terms'],
    ['Ärzte & Praxen 2.0', 'arzte-praxen-2.0'],
    ['--x--', 'x'],
  ] as const) {
    expect(vocabularyId(name)).toBe(id);
    expect(VocabularyIdParams.safeParse({ id }).success).toBe(true);
  }
  expect(vocabularyId('本')).toBe('');
  expect(LARGEST_VOCABULARY).toBe(TAKEN);
});

test('a file gives a name', () => {
  expect(vocabularyName('retail_terms.csv')).toBe('Retail terms');
  expect(vocabularyName('.csv')).toBe('.csv');
});
