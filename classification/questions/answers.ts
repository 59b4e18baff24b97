/** Answers what is asked of the classifier beside runs. */

import { reviewQueue } from '../../core/classification/review-queue.ts';
import { ClassificationSettingsSchema } from '../../core/classification/settings.ts';
import { TemperaError } from '../../core/errors.ts';
import { explanationOf } from '../explanation.ts';
import { readKnowledge } from '../knowledge.ts';
import { tokensOf } from '../names/tokens.ts';
import { readyVocabularies } from '../ready-vocabularies.ts';
import { createRunWork } from '../runs/run-work.ts';
import { storedEvidence } from '../runs/table-evidence.ts';
import { readColumn } from './column-reading.ts';
import type { Questions } from './requests.ts';
import { shownAttachables, shownAttachments, shownTerms } from './shown-vocabulary.ts';

/** What a run has that is told nothing. */
const DEFAULTS = ClassificationSettingsSchema.parse({});

/** @param folder that of the classifier's data */
export function createQuestions(folder: string): Questions {
  const knowledge = readKnowledge(folder);
  const open = readyVocabularies(knowledge);
  const { describe } = createRunWork(knowledge, open);
  return {
    describe,
    terms: async ({ vocabulary }) => shownTerms(open(vocabulary).classifier.vocabulary),
    attachments: async ({ vocabulary }) => shownAttachments(knowledge, open(vocabulary).classifier),
    attachables: async () => shownAttachables(knowledge),
    async explain({ vocabulary, name, sample }) {
      const ready = open(vocabulary);
      const { classifier } = ready;
      const classified = classifier.classify(sample);
      if (classified.column.values.length === 0)
        throw new TemperaError('INVALID_INPUT', 'There is no value to look at: each of `values` is empty.');
      const explained = explanationOf(classifier.vocabulary, classified, { vocabulary: name });
      const asked = { evidence: storedEvidence(classified), llm: null, learned: [], reviewed: null };
      const { likely, change } = readColumn({ ready, settings: DEFAULTS }, asked);
      classifier.vocabulary.frame.forget();
      return { ...explained, likely, change };
    },
    async read({ vocabulary, settings, column }) {
      const ready = open(vocabulary);
      const read = readColumn({ ready, settings }, column);
      ready.classifier.vocabulary.frame.forget();
      return read;
    },
    async queue({ columns }) {
      const places = new Map(columns.map((column, place) => [column, place]));
      const placeOf = (column: (typeof columns)[number]): number => places.get(column) ?? 0;
      return reviewQueue(columns, tokensOf).map((group) => ({
        first: placeOf(group.first),
        columns: group.columns.map(placeOf),
      }));
    },
  };
}
