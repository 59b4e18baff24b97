/** A problem document as a sentence for people: wrong fields by their names, not by their place in the request. */

import { formatCount } from '../format/numbers.ts';

interface Issue {
  field: string;
  message: string;
}

/** Null where the document tells nothing. */
export function problemSentence(problem: Record<string, unknown>): string | null {
  const { detail, details } = problem;
  const issues = issuesOf(details);
  if (issues.length > 0) return issues.map(sentenceOf).join(' ');
  return typeof detail === 'string' ? detail : null;
}

/**
 * What is wrong with each field of a request's body, by the field's name; nothing where the document names none.
 *
 * @param fallback of a problem that names its field beside one sentence
 */
export function problemFields(details: Record<string, unknown>, fallback: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const issue of issuesOf(details)) found[issue.field.split('.')[1] ?? ''] ??= sentenceOf(issue);
  if (typeof details.field === 'string') found[details.field] ??= fallback;
  return found;
}

function issuesOf(details: unknown): Issue[] {
  if (typeof details !== 'object' || details === null || !('issues' in details)) return [];
  const { issues } = details;
  return Array.isArray(issues) ? issues.filter(isIssue) : [];
}

const isIssue = (value: unknown): value is Issue =>
  typeof value === 'object' &&
  value !== null &&
  'field' in value &&
  typeof value.field === 'string' &&
  'message' in value &&
  typeof value.message === 'string';

function sentenceOf({ field, message }: Issue): string {
  const name = nameOf(field);
  return `${name} ${whatIsWrong(message)}.`;
}

/** `body.limits.cost` → `Limits: cost`. */
function nameOf(field: string): string {
  const words = field
    .split('.')
    .slice(1)
    .map((part) => part.replaceAll('_', ' '));
  const name = words.join(', ') || 'The request';
  return name === 'sql' ? 'SQL' : name.charAt(0).toUpperCase() + name.slice(1);
}

/** Sizes of texts and numbers in words; what is not known is told as it came. */
function whatIsWrong(message: string): string {
  const size = /^Too (small|big): expected (\w+) to (?:have|be) ([<>]=?)\s*([\d.-]+)/.exec(message);
  if (!size) return `is wrong: ${message.replace(/\.$/, '')}`;
  const [, , kind = '', relation = '', bound = ''] = size;
  const least = relation.startsWith('>');
  if (kind === 'string' && least && Number(bound) <= 1) return 'is empty';
  const limit = formatCount(Number(bound));
  if (kind === 'string')
    return `has too ${least ? 'few' : 'many'} characters: ${least ? 'at least' : 'at most'} ${limit}`;
  if (kind === 'array')
    return `has too ${least ? 'few' : 'many'} entries: ${least ? 'at least' : 'at most'} ${limit}`;
  const words: Record<string, string> = {
    '>=': 'at least',
    '>': 'more than',
    '<=': 'at most',
    '<': 'less than',
  };
  return `must be ${words[relation] ?? relation} ${limit}`;
}
