/** An answer as people read it. */

import type { Answer } from '../api/types.ts';

/** A decision reads as it did when it was given: `Approved: only these two`. */
export function answerWords(answer: Answer): string {
  if ('text' in answer) return answer.text;
  const { approved, note = '' } = answer;
  return `${approved ? 'Approved' : 'Not approved'}${note === '' ? '' : `: ${note}`}`;
}
