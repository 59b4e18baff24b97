/**
 * What is wrong with a value, for people: zod's issues in the words of everything else here. Given to a parse as its
 * `error`, so that the sentence may show the value.
 */

import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** Longest piece of a value that is shown. */
const MOST_SHOWN = 60;

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  object: 'an object with named fields',
  record: 'an object with named fields',
  array: 'a list',
  tuple: 'a list',
  date: 'a date',
  null: 'null',
};
const FORMATS: Record<string, string> = {
  uuid: 'an id',
  guid: 'an id',
  url: 'a URL',
  email: 'an address of e-mail',
  datetime: 'a date with its time, such as 2026-01-31T12:00:00Z',
  date: 'a date, such as 2026-01-31',
  json_string: 'JSON',
};
/** What is counted in a value that is too long or too short. */
const UNITS: Record<string, string> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
  file: 'bytes',
};

/** A sentence without its subject and full stop: "must be a whole number, not 'x'". */
export function inWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : mustBe(TYPES[issue.expected] ?? issue.expected, issue.input);
    case 'invalid_value':
      return mustBe(oneOf(issue.values), issue.input);
    case 'too_small':
    case 'too_big':
      return outOfBounds(issue);
    case 'invalid_format':
      return mustBe(FORMATS[issue.format] ?? `of the form that the manual shows`, issue.input);
    case 'not_multiple_of':
      return mustBe(`a multiple of ${issue.divisor}`, issue.input);
    case 'unrecognized_keys':
      return `has ${issue.keys.map(shown).join(', ')}, which is not known here`;
    case 'invalid_union':
      return ofUnion(issue);
    case 'invalid_key':
      return 'has a name that is not allowed';
    case 'invalid_element':
      return 'has an entry that is not allowed';
    default:
      return issue.message ?? 'is not allowed';
  }
}

const mustBe = (what: string, input: unknown): string =>
  input === undefined ? 'is missing' : `must be ${what}, not ${shown(input)}`;

function oneOf(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
}

function outOfBounds(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const small = issue.code === 'too_small';
  const bound = small ? issue.minimum : issue.maximum;
  const unit = UNITS[issue.origin];
  if (unit !== undefined) {
    if (small && Number(bound) === 1) return 'is empty';
    return (
      `must have at ${small ? 'least' : 'most'} ${bound} ` +
      `${Number(bound) === 1 ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit}`
    );
  }
  const words = issue.inclusive === false ? (small ? 'above' : 'below') : small ? 'at least' : 'at most';
  return mustBe(`${words} ${bound}`, issue.input);
}

/** Every value that some branch would take, else what the branch that came furthest says. */
function ofUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const branches: readonly (readonly z.core.$ZodIssue[])[] = issue.errors;
  const values = branches.flat().flatMap((each) => (each.code === 'invalid_value' ? each.values : []));
  if (values.length > 0) return mustBe(oneOf(values), issue.input);
  const deepest = branches.flat().sort((left, right) => right.path.length - left.path.length)[0];
  if (deepest && deepest.path.length > 0) return `${deepest.path.join('.')} ${deepest.message}`;
  return deepest?.message ?? 'has none of the forms that are allowed here';
}

/** A value as a person may be shown it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${cut(value)}'`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return cut(String(value));
}

const cut = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
