/** Vocabularies that were asked for last, kept ready: reading one takes longer than what is asked of it. */

import type { AttachmentChange } from '../core/classification/records.ts';
import { TemperaError } from '../core/errors.ts';
import { type Classifier, createClassifier } from './classifier.ts';
import type { Knowledge } from './knowledge.ts';
import { leafPlaces, type Place } from './runs/term-map.ts';
import { readVocabulary, type Vocabulary } from './vocabulary/vocabulary.ts';
import { VocabularyError } from './vocabulary/vocabulary-error.ts';

/** A run uses one, and few runs go on at once. */
const MOST_READY = 4;

/** A vocabulary's text by its hash, with what people have changed of its attachments. */
export interface VocabularyText {
  sha256: string;
  text: string;
  attachments?: readonly AttachmentChange[] | undefined;
}

export interface ReadyVocabulary {
  classifier: Classifier;
  /** Of its leaves in the plane. */
  places: Place[];
}

/** @returns what opens a vocabulary. It throws TemperaError INVALID_INPUT with the line that is wrong */
export function readyVocabularies(knowledge: Knowledge): (vocabulary: VocabularyText) => ReadyVocabulary {
  const ready = new Map<string, ReadyVocabulary>();
  return ({ sha256, text, attachments = [] }) => {
    const key = attachments.length === 0 ? sha256 : JSON.stringify([sha256, attachments]);
    const known = ready.get(key);
    if (known) return known;
    const vocabulary = readOrRefuse(text);
    const made = {
      classifier: createClassifier(knowledge, vocabulary, attachments),
      places: leafPlaces(vocabulary.frame),
    };
    for (const oldest of [...ready.keys()].slice(0, Math.max(0, ready.size - MOST_READY + 1)))
      ready.delete(oldest);
    ready.set(key, made);
    return made;
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
