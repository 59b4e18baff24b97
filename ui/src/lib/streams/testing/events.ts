/** Events of a session as the API gives them, one after another. */

import { asEvent, type EventOf, type LogEvent } from '../log-event.ts';
import { SessionLog } from '../session-log.ts';

export function createEvents() {
  let seq = 0;
  return <T extends LogEvent['type']>(type: T, data: EventOf<T>['data'], at = 0): LogEvent => {
    seq += 1;
    return asEvent({ seq, type, stage: 'eda', run: 1, data, created_at: new Date(at).toISOString() });
  };
}

export function logOf(...events: LogEvent[]): SessionLog {
  const log = new SessionLog();
  for (const event of events) log.ingest(event);
  return log;
}
