/**
 * What any request may carry, whatever its route: text that a database keeps and other programs read, numbers that are
 * numbers, and no deeper nesting than anything here has a use for. It is held against everything that was parsed,
 * before the route's own schema.
 */

import { TemperaError } from '../../core/errors.ts';
import { textProblem } from '../../core/lawful-text.ts';

const MAX_DEPTH = 32;
const MAX_SHOWN_PATH = 200;

interface Found {
  value: unknown;
  path: string;
  depth: number;
}

/**
 * @param part body, querystring, params or form: the first word of the field's name. @throws TemperaError
 * INVALID_INPUT
 */
export function assertLawful(value: unknown, part: string): void {
  // a list of its own in place of recursion: the nesting is the sender's
  const waiting: Found[] = [{ value, path: part, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, depth } = next;
    const problem = problemOf(next.value);
    if (problem !== null) throw unlawful(path, problem);
    if (!isNested(next.value)) continue;
    if (depth === MAX_DEPTH) throw unlawful(path, `is nested deeper than ${MAX_DEPTH} levels`);
    for (const [key, item] of Object.entries(next.value)) {
      const wrong = textProblem(key);
      if (wrong !== null) throw unlawful(path, `has a name that ${wrong}`);
      waiting.push({ value: item, path: `${path}.${key}`, depth: depth + 1 });
    }
  }
}

/** A refused field as the schemas' refusals tell it. */
export function unlawful(field: string, message: string): TemperaError {
  const shown = field.length > MAX_SHOWN_PATH ? `${field.slice(0, MAX_SHOWN_PATH)}…` : field;
  return new TemperaError('INVALID_INPUT', `The request is not understood. ${shown}: ${message}.`, {
    details: { issues: [{ field: shown, message }] },
  });
}

function problemOf(value: unknown): string | null {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is larger than a number can be';
  return null;
}

/** Objects and lists as a parser makes them; a stream of bytes is none. */
function isNested(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}
