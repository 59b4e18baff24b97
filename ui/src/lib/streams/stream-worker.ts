/** The shared connection in a worker that all tabs of a browser have together: it outlives each of them. */

import { openSharedStream } from './open-stream.ts';

const stream = openSharedStream();

// the worker's global scope; the page's types, which this is compiled with, do not name it
addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port) stream.connect(port);
});
