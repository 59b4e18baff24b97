/** What is told before a session's decisions are taken to a new file, and what is still to be answered. */

import type { AgainPreview, AgainQuestion } from '../../lib/api/types.ts';
import { formatQuantity } from '../../lib/format/numbers.ts';

const MOST_NAMED = 8;

/** What is kept, what is new and what is gone, a sentence each. */
export function previewWords({ inherited, unfit, new_columns, missing_columns }: AgainPreview): string[] {
  const own = inherited.filter(({ by }) => by === 'person').length;
  const whose =
    own === 0 ? 'none of them yours' : own === inherited.length ? 'all yours' : `${own} of them yours`;
  const words = [
    inherited.length === 0
      ? 'No decision is kept.'
      : `${formatQuantity(inherited.length, 'decision')} kept, ${whose}.`,
  ];
  if (unfit.length > 0) words.push(`Decided anew: ${named(unfit.map(({ key }) => key))}.`);
  if (new_columns.length > 0) {
    const them = new_columns.length === 1 ? 'it' : 'them';
    words.push(`New: ${named(new_columns)}. The agent decides what becomes of ${them}.`);
  }
  if (missing_columns.length > 0) words.push(`Not in this file: ${named(missing_columns)}.`);
  return words;
}

/** What holds of a question: the person's answer, else the recommended choice where it is safe. */
export function answerOf(
  { id, choices, safe }: AgainQuestion,
  answers: Readonly<Record<string, string>>,
): string | null {
  const given = answers[id];
  return choices.some(({ answer }) => answer === given) ? (given ?? null) : safe;
}

/** The answers to send: what stands chosen on the page is the person's word. Null while one is missing. */
export function answersToSend(
  questions: readonly AgainQuestion[],
  answers: Readonly<Record<string, string>>,
): Record<string, string> | null {
  const chosen = questions.map((question) => [question.id, answerOf(question, answers)] as const);
  const isOpen = chosen.some(([, answer]) => answer === null);
  return isOpen ? null : Object.fromEntries(chosen.map(([id, answer]) => [id, answer ?? '']));
}

function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
