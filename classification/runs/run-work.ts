/** Does what a run asks, with the vocabularies that were asked for last kept ready. */

import { boundedColumn } from '../column.ts';
import type { Knowledge } from '../knowledge.ts';
import { readyVocabularies } from '../ready-vocabularies.ts';
import { learningLine, TrainedAnswerSchema, trainedEvidence } from '../trained/trained-answer.ts';
import { decideColumn } from './decide-column.ts';
import { createLabelWork } from './label-work.ts';
import type { RunWork } from './requests.ts';
import { storedEvaluation } from './stored-evaluation.ts';
import { evidenceOfTable, storedSource } from './table-evidence.ts';

/** @param open what keeps vocabularies ready, where another one asks for them too */
export function createRunWork(knowledge: Knowledge, open = readyVocabularies(knowledge)): RunWork {
  return {
    ...createLabelWork((vocabulary) => open(vocabulary).classifier.vocabulary),
    async describe({ vocabulary }) {
      const { form, terms, frame, findings } = open(vocabulary).classifier.vocabulary;
      return {
        ...{ form, terms: terms.size, leaves: frame.leaves.length },
        findings: findings.map(({ kind, line, message }) => `${kind}, line ${line}: ${message}`),
      };
    },
    async evidence({ vocabulary, tables }) {
      const { classifier } = open(vocabulary);
      const found = tables.map((table) => evidenceOfTable(classifier, table));
      classifier.vocabulary.frame.forget();
      return found;
    },
    async decide({ vocabulary, settings, columns }) {
      const { classifier, places } = open(vocabulary);
      const decided = columns.map((column) => decideColumn({ classifier, places, settings }, column));
      classifier.vocabulary.frame.forget();
      return decided;
    },
    async learningLines({ columns }) {
      return columns.map(({ reservoir, label, ...column }) =>
        learningLine(boundedColumn({ ...column, values: reservoir }), label),
      );
    },
    async learned({ vocabulary, answer }) {
      const { vocabulary: read } = open(vocabulary).classifier;
      return trainedEvidence(read, TrainedAnswerSchema.parse(answer)).map((list) => list.map(storedSource));
    },
    async evaluate({ vocabulary, judgements }) {
      return storedEvaluation(open(vocabulary).classifier.vocabulary, judgements);
    },
  };
}
