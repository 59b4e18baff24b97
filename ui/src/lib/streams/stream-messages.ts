/** What a tab and the connection that all tabs of a browser share tell each other. Tabs of one build share one. */

import type { StreamStatus } from './event-stream.ts';
import type { LogEvent, TextDelta } from './log-event.ts';

/** What changed in a session or an endpoint: `session` with the session as it is now, `removed` with its id. */
export interface Change {
  type: string;
  data: unknown;
}

/** From a tab: all that it wants now. */
export type ToStream =
  | {
      kind: 'want';
      /** What changes in all sessions. */
      overview: boolean;
      /** Sessions with the number of the last event that the tab knows. */
      sessions: Readonly<Record<string, number>>;
    }
  /** The tab holds the lock of this name until it is gone, however it goes. */
  | { kind: 'alive'; lock: string }
  /** The network is back, or the platform: no more waiting. */
  | { kind: 'wake' };

/** To a tab. */
export type FromStream =
  | { kind: 'event'; session: string; event: LogEvent }
  | { kind: 'delta'; session: string; delta: TextDelta }
  /** What is known of the session is of another time: the platform's database is another one. */
  | { kind: 'reset'; session: string }
  /** There is no such session, or not for this reader. */
  | { kind: 'refused'; session: string }
  | { kind: 'change'; change: Change }
  | { kind: 'status'; status: StreamStatus }
  /** The platform answers; it does not. */
  | { kind: 'heard' }
  | { kind: 'lost' };

/** One end of a MessagePort, as browsers and Node.js have it. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}
