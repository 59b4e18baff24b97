/** The address of a page of a session's log: the studio reads it, and the api lets browsers ask for the first early. */

/** Events of a page; the last page has fewer. */
export const LOG_PAGE = 1_000;

/** @param after number of the last event that is known, 0 for none */
export const logPath = (sessionId: string, after: number): string =>
  // points are read with the charts that draw them; of a long run they are most of what is stored
  `/api/sessions/${encodeURIComponent(sessionId)}/events?after=${after}&limit=${LOG_PAGE}&except=metrics_batch`;
