/** Terms of the vocabularies that were asked for last, by the hash of their text, ready in this process. */

import type { Questions } from '../../../classification/questions/requests.ts';
import type { VocabularyTerm } from '../../../core/classification/answers.ts';
import { vocabularyText } from '../../../db/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';

const MOST_READY = 8;

/** A vocabulary's tree. */
export class KnownTerms {
  /** Each behind its parent. */
  readonly list: readonly VocabularyTerm[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(list: readonly VocabularyTerm[]) {
    this.list = list;
    this.#places = new Map(list.map(({ code }, place) => [code, place]));
  }

  get(code: string): VocabularyTerm | undefined {
    return this.list[this.#places.get(code) ?? -1];
  }

  labelOf(code: string): string {
    return this.get(code)?.label ?? code;
  }

  /** The code and all below it; nothing for one that is none of the vocabulary's. */
  below(code: string): string[] {
    const place = this.#places.get(code);
    const top = this.get(code);
    if (place === undefined || top === undefined) return [];
    const end = this.list.findIndex(({ depth }, at) => at > place && depth <= top.depth);
    return this.list.slice(place, end === -1 ? undefined : end).map((term) => term.code);
  }
}

const readyOf = new WeakMap<Questions, Map<string, Promise<KnownTerms>>>();

/** @param sha256 that a vocabulary or a run which the caller may see has named */
export function knownTerms(
  { db, classifier }: Pick<ApiDependencies, 'db' | 'classifier'>,
  sha256: string,
): Promise<KnownTerms> {
  const ready = readyOf.get(classifier) ?? new Map<string, Promise<KnownTerms>>();
  readyOf.set(classifier, ready);
  const known = ready.get(sha256);
  if (known) return known;
  const read = vocabularyText(db, sha256)
    .then((text) => classifier.terms({ vocabulary: { sha256, text } }))
    .then((terms) => new KnownTerms(terms));
  // what could not be read is read again
  read.catch(() => ready.delete(sha256));
  for (const oldest of [...ready.keys()].slice(0, Math.max(0, ready.size - MOST_READY + 1)))
    ready.delete(oldest);
  ready.set(sha256, read);
  return read;
}
