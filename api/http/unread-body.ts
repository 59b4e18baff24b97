/**
 * What is left of a request that is refused before all of it has come. Closing at once would reset the connection, and
 * a client that still writes would see that in place of the answer; so the rest is read and dropped, for a while.
 */

import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';

/** Milliseconds for which the rest of a refused body is read: about 2 GiB over loopback. */
const DROP_MILLISECONDS = 5_000;

/** Drops the rest of `request`'s body; resolves when all of it has come, the client is gone or time is up. */
export function dropUnreadBody(request: IncomingMessage, milliseconds = DROP_MILLISECONDS): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const forget = finished(request, done);
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      forget();
      resolve();
    }
    // a parser of forms may still be attached, and would hold the rest back
    request.unpipe();
    request.on('data', () => undefined);
    request.resume();
  });
}
