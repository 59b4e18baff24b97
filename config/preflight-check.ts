/** What preflight says of one thing. */

export interface PreflightCheck {
  level: 'deny' | 'warn';
  /** The setting or part that it is about. */
  about: string;
  message: string;
  remedy: string;
}

export const deny = (about: string, message: string, remedy: string): PreflightCheck[] => [
  { level: 'deny', about, message, remedy },
];

export const warn = (about: string, message: string, remedy: string): PreflightCheck[] => [
  { level: 'warn', about, message, remedy },
];

/** Words of an error in one line. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message || error.name : String(error);
  return words.trim().split('\n', 1)[0] ?? '';
}
