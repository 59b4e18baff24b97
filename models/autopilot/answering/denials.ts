/** What a question about rows denies: "not Adelie", "without Gentoo", "neither … nor …". */

import { sameValues } from '../reading/value-words.ts';
import { DENIALS, DENYING_COMPARISONS } from '../vocabulary/denials.ts';
import { oneOf } from '../vocabulary/lines.ts';
import { OTHER_THAN } from '../vocabulary/units.ts';
import type { Question } from './question.ts';

const DENIES = new Set(DENIALS);
const COMPARED = new RegExp(`\\b(?:${oneOf(DENYING_COMPARISONS)}\\b|${oneOf(OTHER_THAN)} (?=\\d))`, 'g');
/** Words from a denial to the value that it denies. */
const FARTHEST = 5;

/** The denials of one question; each is to be used by something, or the question is not understood. */
export class Denials {
  readonly #words: readonly string[];
  readonly #used = new Set<number>();
  #ofPredicates = 0;

  constructor({ plain, predicates }: Pick<Question, 'plain' | 'predicates'>) {
    this.#words = plain.replace(COMPARED, ' ').split(' ').filter(Boolean);
    this.#ofPredicates = predicates.filter(
      ({ polarity }) => polarity === 'is not' || polarity === 'missing',
    ).length;
  }

  /** True when the value is denied where the question names it. */
  denies(value: string): boolean {
    const place = this.#placeOf(value);
    for (let at = place - 1; at >= Math.max(0, place - FARTHEST); at -= 1) {
      const word = this.#words[at] ?? '';
      if (word === '|') return false;
      if (!DENIES.has(word)) continue;
      this.#used.add(at);
      return true;
    }
    return false;
  }

  /** The first denial that nothing has used; null when there is none. */
  unused(): string | null {
    const left = this.#words.filter((word, at) => DENIES.has(word) && !this.#used.has(at));
    return left[this.#ofPredicates] ?? null;
  }

  #placeOf(value: string): number {
    const [first = ''] = value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const forms = new Set([first, `${first}s`, ...sameValues(first)]);
    return this.#words.findIndex((word) => forms.has(word));
  }
}
