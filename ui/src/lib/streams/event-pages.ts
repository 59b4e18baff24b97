/** Pages of a session's stored events. The first may be asked for before the program that reads it has come. */

import { api } from '../api/client.ts';
import type { LogEvent } from './log-event.ts';

const PAGE = 1_000;

export interface EventPage {
  items: LogEvent[];
  /** up to which the stream is told by them */
  last_seq: number;
  /** nothing is stored behind it */
  last: boolean;
}

const first = new Map<string, Promise<EventPage>>();

/** Asks for the first page now; the next reader of it takes that answer. */
export function askAhead(sessionId: string): void {
  const asked = read(sessionId, 0);
  // who takes it is told
  asked.catch(() => undefined);
  first.set(sessionId, asked);
}

/** The page after the event `after`. @throws ApiError */
export async function eventPage(sessionId: string, after: number, signal: AbortSignal): Promise<EventPage> {
  const asked = after === 0 ? first.get(sessionId) : undefined;
  first.delete(sessionId);
  return await (asked ?? read(sessionId, after, signal));
}

async function read(sessionId: string, after: number, signal?: AbortSignal): Promise<EventPage> {
  // points are read with the charts that draw them; of a long run they are most of what is stored
  const query = { after, limit: PAGE, except: 'metrics_batch' };
  const path = `/api/sessions/${encodeURIComponent(sessionId)}/events`;
  const page = await api.get<Omit<EventPage, 'last'>>(path, { query, signal });
  return { ...page, last: page.items.length < PAGE };
}
