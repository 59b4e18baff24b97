/** The one feed of this tab, over a worker that all tabs share; where there are none, over a connection of its own. */

import { heard, lost, onRestored } from '../api/client.ts';
import { EventFeed } from './event-feed.ts';
import { openSharedStream } from './open-stream.ts';
import type { Port } from './stream-messages.ts';

const CHECK_MS = 20_000;

/** True once a worker could not be started. */
let isAlone = typeof SharedWorker === 'undefined' || navigator.locks === undefined;

function openPort(): Port {
  const port = isAlone ? ownPort() : sharedPort();
  let free: () => void = () => undefined;
  const lives = new Promise<void>((resolve) => {
    free = resolve;
  });
  void tellAlive(port, lives);
  const close = port.close.bind(port);
  return Object.assign(port, {
    close: () => {
      free();
      close();
    },
  });
}

function sharedPort(): MessagePort {
  const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module' });
  worker.onerror = () => {
    isAlone = true;
    feed.renew();
  };
  return worker.port;
}

function ownPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  openSharedStream().connect(port2);
  return port1;
}

/**
 * Holds a lock for as long as this tab lives and keeps the channel: the browser frees it, also when the tab
 * crashes.
 */
async function tellAlive(port: Port, lives: Promise<void>): Promise<void> {
  const lock = `tempera-tab-${crypto.randomUUID()}`;
  await navigator.locks?.request(lock, () => {
    port.postMessage({ kind: 'alive', lock });
    return lives;
  });
}

export const feed = new EventFeed({ openPort, onHeard: heard, onLost: lost });

/** Lets go while the tab is hidden. Returns what ends it. */
export function startFeed(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const updateSeen = (): void => feed.setSeen(!document.hidden);
  const wake = (): void => feed.wake();
  document.addEventListener('visibilitychange', updateSeen, { signal });
  window.addEventListener('pageshow', wake, { signal });
  window.addEventListener('online', wake, { signal });
  const stopWaking = onRestored(wake);
  const timer = setInterval(() => feed.check(), CHECK_MS);
  updateSeen();
  return () => {
    stop.abort();
    stopWaking();
    clearInterval(timer);
  };
}
