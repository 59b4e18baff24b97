/** Where a step's script is kept, and how to run it by hand. */

import type { Step } from '../../../lib/api/types.ts';

/** The script's path as the step's result names it; null where it does not. */
export function scriptPath({ output }: Pick<Step, 'output'>): string | null {
  for (const value of strings(output)) {
    const found = value.match(/\b(?:eda|prep|train)\/scripts\/step_\d+_[\w.-]*\.py\b/);
    if (found) return found[0];
  }
  return null;
}

/** Shell lines that fetch the session's files and run a script in their folder, on any machine with Python. */
export function byHand(origin: string, sessionId: string, path: string): string {
  const id = encodeURIComponent(sessionId);
  return [
    `curl -o session.zip ${origin}/api/sessions/${id}/archive.zip`,
    'unzip session.zip -d session && cd session',
    `python ${path}`,
  ].join('\n');
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
