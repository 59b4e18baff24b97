/** Which addresses only this machine reaches, and how a listening server is addressed. */

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

/** Whether a server that listens on `host` is reached from this machine alone. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

/** How this machine itself addresses a server that listens on `host`, which may stand for every address. */
export function reachedAt(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return inUrl(host);
}

/** An address as URLs and `host:port` take it. */
export const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
