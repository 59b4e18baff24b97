import { logLine } from '../core/redaction.ts';

/**
 * The last net under a process: a rejection that nobody listens to is a bug of one piece of work and must not end the
 * work of everybody else. It is told in the log; a check of the sources (platform/setup/promises.mjs) keeps them from
 * being written.
 */
export function tellUnheardRejections(): void {
  process.on('unhandledRejection', (reason: unknown) => {
    const message = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    console.error(logLine({ level: 'error', what: 'unheard rejection', message }));
  });
}
