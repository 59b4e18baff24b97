import { readdirSync, readFileSync } from 'node:fs';
import * as answers from './answers.ts';
import * as asking from './asking.ts';
import * as columns from './columns.ts';
import * as comparisons from './comparisons.ts';
import * as conditions from './conditions.ts';
import * as consent from './consent.ts';
import * as corrections from './corrections.ts';
import * as courtesies from './courtesies.ts';
import * as dates from './dates.ts';
import * as denials from './denials.ts';
import * as details from './details.ts';
import * as forms from './forms.ts';
import * as harmless from './harmless.ts';
import * as languages from './languages.ts';
import * as learners from './learners.ts';
import { anyOf, lines, oneOf } from './lines.ts';
import * as measures from './measures.ts';
import * as metrics from './metrics.ts';
import * as models from './models.ts';
import * as moods from './moods.ts';
import * as noValues from './no-values.ts';
import * as pronouns from './pronouns.ts';
import * as questions from './questions.ts';
import * as requests from './requests.ts';
import * as revoking from './revoking.ts';
import * as rows from './rows.ts';
import * as statements from './statements.ts';
import * as supposing from './supposing.ts';
import * as tails from './tails.ts';
import * as targets from './targets.ts';
import * as thresholds from './thresholds.ts';
import * as topics from './topics.ts';
import * as units from './units.ts';
import * as verbs from './verbs.ts';
import * as ways from './ways.ts';

const LISTS = [
  answers,
  asking,
  columns,
  consent,
  corrections,
  denials,
  details,
  forms,
  harmless,
  languages,
  learners,
  measures,
  metrics,
  models,
  moods,
  questions,
  requests,
  revoking,
  rows,
  statements,
  supposing,
  tails,
  topics,
  comparisons,
  conditions,
  courtesies,
  dates,
  noValues,
  pronouns,
  targets,
  thresholds,
  units,
  verbs,
  ways,
].flatMap((part) => Object.entries<readonly string[]>({ ...part }));

test.each(LISTS)('%s holds each word once, in lower case', (_, words) => {
  expect(words.length).toBeGreaterThan(0);
  expect(new Set(words).size).toBe(words.length);
  expect(words.filter((word) => word !== word.toLowerCase().trim())).toEqual([]);
});

test('of words that begin alike the longer one is found', () => {
  expect(new RegExp(oneOf(['more', 'more than', 'c++'])).exec('more than c++')?.[0]).toBe('more than');
  expect(new RegExp(oneOf(['c++'])).exec('a c++')?.[0]).toBe('c++');
  expect(anyOf(['mean']).test('what it meant')).toBe(false);
  expect(anyOf(['mean*']).exec('what it meant')?.[0]).toBe('meant');
});

test('a list is written one a line', () => {
  expect(lines('\na\nb c\n')).toEqual(['a', 'b c']);
});

test('no list of words stands elsewhere, in one line or as a pattern', () => {
  const sources = readdirSync('models/autopilot').filter((file) => /(?<!\.test)\.ts$/.test(file));
  const forms = [
    /['"]([^'"\n]+)['"]\.?,?\s*\.split\(/g,
    /phrases\(\s*'[^']*\|[^']*'/g,
    /\((?:\?:)?(?:[a-z'’ ]+\|){3}[^)]*/g,
    /Set\(\['[a-z].*/g,
  ];
  const lists = sources.flatMap((file) => {
    const source = readFileSync(`models/autopilot/${file}`, 'utf8');
    return forms
      .flatMap((form) => [...source.matchAll(form)])
      .map(([list]) => `${file}: ${list.slice(0, 60)}`);
  });
  expect(lists).toEqual([]);
});
