/** Exit codes, the same for every command (docs/cli.md). */

export const EXIT = { done: 0, failed: 1, usage: 2, notFound: 3, refused: 4, unreachable: 5 } as const;

/** Ends a command with a sentence for people and an exit code for scripts. */
export class CommandError extends Error {
  readonly exitCode: number;
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(
    exitCode: number,
    message: string,
    options: { code?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CommandError';
    this.exitCode = exitCode;
    this.code = options.code ?? NAMES[exitCode] ?? 'FAILED';
    this.details = options.details ?? {};
  }
}

const NAMES: Record<number, string> = {
  1: 'FAILED',
  2: 'USAGE',
  3: 'NOT_FOUND',
  4: 'REFUSED',
  5: 'UNREACHABLE',
};

export function usageError(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}

/** The exit code that belongs to an answer's HTTP status. */
export function exitCodeOf(status: number): number {
  if (status === 404) return EXIT.notFound;
  if (status === 502 || status === 503 || status === 504) return EXIT.unreachable;
  if (status >= 400 && status < 500) return EXIT.refused;
  return EXIT.failed;
}
