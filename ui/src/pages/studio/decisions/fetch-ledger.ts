import { api } from '../../../lib/api/client.ts';
import type { Ledger } from './ledger.ts';

/** The decisions in force, with their history where it is asked for. */
export const fetchLedger = (
  session: string,
  { signal, history = false }: { signal: AbortSignal; history?: boolean },
): Promise<Ledger> =>
  api.get<Ledger>(`/api/sessions/${encodeURIComponent(session)}/decisions`, {
    signal,
    query: { history: history || null },
  });
