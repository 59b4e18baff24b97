/** What was asked in a session and how it was answered. */

import type { KeptAnswer } from '../streams/conversation-item.ts';
import { api } from './client.ts';

interface AskedQuestion {
  id: string;
  answer: unknown;
  answered_by: string | null;
  answered_at: string | null;
}

/** The answers that were given, in words. */
export async function fetchAnswers(sessionId: string, signal?: AbortSignal): Promise<KeptAnswer[]> {
  const path = `/api/sessions/${encodeURIComponent(sessionId)}/questions`;
  const { items } = await api.get<{ items: AskedQuestion[] }>(path, { signal });
  return items.flatMap(toAnswer);
}

/** None for a question that is open. */
export function toAnswer({ id, answer, answered_by: by, answered_at: at }: AskedQuestion): KeptAnswer[] {
  const words = answerWords(answer);
  return words === null ? [] : [{ id, answer: words, by, at }];
}

/** A decision reads as it did when it was given: `Approved: only these two`. */
function answerWords(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const { text, approved, note } = { text: null, approved: null, note: null, ...answer };
  if (typeof text === 'string') return text;
  if (typeof approved !== 'boolean') return null;
  return `${approved ? 'Approved' : 'Not approved'}${typeof note === 'string' && note !== '' ? `: ${note}` : ''}`;
}
