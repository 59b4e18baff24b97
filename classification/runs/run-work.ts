/** Does what a run asks, with the vocabularies that were asked for last kept ready. */

import { TemperaError } from '../../core/errors.ts';
import { type Classifier, createClassifier } from '../classifier.ts';
import { boundedColumn } from '../column.ts';
import type { Knowledge } from '../knowledge.ts';
import { learningLine, TrainedAnswerSchema, trainedEvidence } from '../trained/trained-answer.ts';
import { readVocabulary, type Vocabulary } from '../vocabulary/vocabulary.ts';
import { VocabularyError } from '../vocabulary/vocabulary-error.ts';
import { decideColumn } from './decide-column.ts';
import { createLabelWork } from './label-work.ts';
import type { RunWork, VocabularyText } from './requests.ts';
import { storedEvaluation } from './stored-evaluation.ts';
import { evidenceOfTable, storedSource } from './table-evidence.ts';
import { leafPlaces, type Place } from './term-map.ts';

/** Vocabularies that are kept ready: a run uses one, and few runs go on at once. */
const MOST_READY = 4;

interface Ready {
  classifier: Classifier;
  places: Place[];
}

export function createRunWork(knowledge: Knowledge): RunWork {
  const ready = new Map<string, Ready>();

  function open({ sha256, text }: VocabularyText): Ready {
    const known = ready.get(sha256);
    if (known) return known;
    const vocabulary = readOrRefuse(text);
    const made = {
      classifier: createClassifier(knowledge, vocabulary),
      places: leafPlaces(vocabulary.frame),
    };
    for (const oldest of [...ready.keys()].slice(0, Math.max(0, ready.size - MOST_READY + 1)))
      ready.delete(oldest);
    ready.set(sha256, made);
    return made;
  }

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

function readOrRefuse(text: string): Vocabulary {
  try {
    return readVocabulary(text);
  } catch (error) {
    if (!(error instanceof VocabularyError)) throw error;
    throw new TemperaError('INVALID_INPUT', `The vocabulary cannot be used. ${error.message}`, {
      cause: error,
    });
  }
}
