/** The shared connection over the platform's API and the browser's locks. */

import { api } from '../api/client.ts';
import { SharedStream } from './shared-stream.ts';

export const openSharedStream = (): SharedStream =>
  new SharedStream({
    open: ({ follow, lastChange }, signal) =>
      api.open('/api/stream', {
        query: { follow: follow === '' ? null : follow },
        headers: {
          accept: 'text/event-stream',
          ...(lastChange === null ? {} : { 'last-event-id': lastChange }),
        },
        signal,
      }),
    released: (lock) => navigator.locks.request(lock, () => undefined),
  });
