/** Requests to be asked: where in a sentence they stand, and what they are about. */

import { STAGES, type Stage } from '../../../core/stages.ts';
import * as vocabulary from '../vocabulary/asking.ts';
import { anyOf, oneOf } from '../vocabulary/lines.ts';
import * as topics from '../vocabulary/topics.ts';
import { readMetric } from './metrics-named.ts';

/** What a person may want to be asked about. */
export type Topic = 'target' | 'metric' | 'explore' | 'prepare' | 'train' | 'model' | 'end';

/*
 * What a person writes is untrusted: no pattern here looks from every place to the end. "A somewhere before B" is
 * asked as the first A against the last B.
 */
const { ASKING: WHOLE, ME, DECIDING, WISHING, SEEKING, CONSENT } = vocabulary;
const ASKING = new RegExp(
  `\\b(?:${oneOf(WHOLE)}|confirm (?:\\w+ ){0,3}with ${oneOf(ME)}|run (?:\\w+ ){1,3}by me|let me ${oneOf(DECIDING)}` +
    `|i(?:['’]d)? ${oneOf(WISHING)} to (?:be asked|${oneOf(DECIDING)})|${oneOf(SEEKING)} my ${oneOf(CONSENT)})\\b`,
  'i',
);
const ASKING_BARELY = anyOf(vocabulary.ASKING_BARELY, 'i');
const PRIOR = anyOf(vocabulary.PRIOR, 'gi');
/** The request governs the whole sentence: "before …, ask me", "for the metric, ask me", "do not … without asking". */
const CONDITION = anyOf(vocabulary.CONDITIONS, 'i');
const CONDITIONED = anyOf(vocabulary.CONDITIONED, 'gi');
const AGREEMENT = new RegExp(`\\b${oneOf(vocabulary.UNTIL)} i ${oneOf(vocabulary.AGREEING)}\\b`, 'i');
const OCCASION = new RegExp(`^\\W*${oneOf(vocabulary.OCCASIONS)}\\b`, 'i');
const OCCASIONED = anyOf(vocabulary.OCCASIONED, 'gi');
const ASK_NOTHING = new RegExp(
  `\\b${oneOf(vocabulary.NEVER)} ${oneOf(vocabulary.QUESTIONING)} ${oneOf(vocabulary.ANYTHING)}\\b` +
    String.raw`|\bno (?:more )?questions\b|\bdo not ask\.?$`,
  'i',
);
/** Another request after the request: only after a comma, so that "before you drop a and leave out b" stays one. */
const REQUEST_AFTER = new RegExp(
  `\\s?,\\s?(?:${oneOf(vocabulary.JOINING)}\\s){0,4}` +
    `(?=(?:${oneOf(vocabulary.SOFTENING)}\\s){0,2}${oneOf(vocabulary.NEXT)}\\b)`,
  'i',
);
const LEADING = new RegExp(`(?:[\\s,;:–-]|\\b${oneOf(vocabulary.LEADING)})$`, 'i');
/** Characters of the longest words of LEADING, and one before them. */
const LEADING_CHARACTERS = 1 + Math.max(...vocabulary.LEADING.map((words) => words.length));

/** The part of a sentence that asks to be asked, with what stands before and after it; null when none does. */
export function askPartOf(
  sentence: string,
): { before: string; ask: string; after: string; end: number } | null {
  const found = askingAt(sentence);
  const whole = governs(sentence);
  if (!whole && found === null) return null;
  const start = whole ? 0 : (found ?? 0);
  const searched = Math.max(start, found ?? 0);
  const next = REQUEST_AFTER.exec(sentence.slice(searched));
  const end = next === null ? sentence.length : searched + next.index;
  return {
    before: withoutLeading(sentence.slice(0, start)),
    ask: sentence.slice(start, end).trim(),
    after: next === null ? '' : sentence.slice(end + next[0].length).trim(),
    end,
  };
}

/** Where a request to be asked begins; null when there is none. */
function askingAt(sentence: string): number | null {
  const plainly = ASKING.exec(sentence)?.index ?? null;
  const barely = ASKING_BARELY.exec(sentence);
  const isPrior = barely !== null && lastPlace(sentence, PRIOR) >= barely.index + barely[0].length;
  if (!isPrior) return plainly;
  return plainly === null ? barely.index : Math.min(plainly, barely.index);
}

function governs(sentence: string): boolean {
  if (AGREEMENT.test(sentence)) return true;
  return isFollowed(sentence, CONDITION, CONDITIONED) || isFollowed(sentence, OCCASION, OCCASIONED);
}

/** True when `before` matches and some match of `after`, a global pattern, begins behind it. */
function isFollowed(sentence: string, before: RegExp, after: RegExp): boolean {
  const first = before.exec(sentence);
  return first !== null && lastPlace(sentence, after) >= first.index + first[0].length;
}

/** Where the last match of a global pattern begins; -1 when there is none. */
const lastPlace = (sentence: string, pattern: RegExp): number =>
  [...sentence.matchAll(pattern)].at(-1)?.index ?? -1;

function withoutLeading(text: string): string {
  let end = text.length;
  for (;;) {
    const found = LEADING.exec(text.slice(Math.max(0, end - LEADING_CHARACTERS), end));
    if (found === null) return text.slice(0, end).trim();
    end -= found[0].length;
  }
}

/** True for "do not ask me …". */
export function refusesToBeAsked(sentence: string): boolean {
  return ASK_NOTHING.test(sentence) && !/\b(?:before|until|first)\b/i.test(sentence);
}

const ABOUT = {
  target: anyOf(topics.TARGET),
  metric: anyOf(topics.METRIC),
  rows: anyOf(topics.ROWS),
  drop: anyOf(topics.DROP),
  columns: anyOf(topics.COLUMNS),
  model: anyOf(topics.MODEL),
  choice: anyOf(topics.CHOICE),
  end: anyOf(topics.END),
  eda: anyOf(topics.EDA),
  prep: anyOf(topics.PREP),
  train: anyOf(topics.TRAIN),
} as const;

const PROPOSALS: Record<Stage, Topic> = { eda: 'explore', prep: 'prepare', train: 'train' };

/** Where a request made in the stage `since` is asked: topics by stage. Empty: its stage is over. */
export function pointsOf(ask: string, since: Stage): { stage: Stage; topic: Topic }[] {
  const words = ask.toLowerCase();
  const about = (name: keyof typeof ABOUT) => ABOUT[name].test(words);
  const ahead = STAGES.slice(STAGES.indexOf(since));
  const points: { stage: Stage; topic: Topic }[] = [];
  const named = STAGES.filter((stage) => about(stage));
  const first = (stages: readonly Stage[], topic: (stage: Stage) => Topic) => {
    const stage = stages.find((each) => ahead.includes(each));
    if (stage !== undefined) points.push({ stage, topic: topic(stage) });
  };
  const ofModel = about('model') && !(named.length > 0 && !about('choice'));
  // "which column to predict" is about the target
  const ofColumns = about('drop') || (about('columns') && !about('target'));
  const settled =
    about('target') || about('metric') || readMetric(words) !== null || ofColumns || about('rows');
  if (about('target')) first(['eda'], () => 'target');
  if (about('metric') || readMetric(words) !== null) first(['eda', 'train'], () => 'metric');
  if (about('rows')) first(['prep'], () => 'prepare');
  else if (ofColumns) first(STAGES, (stage) => PROPOSALS[stage]);
  if (ofModel && !about('end')) first(['train'], () => 'model');
  if (about('end')) for (const stage of named.length > 0 ? named : STAGES) first([stage], () => 'end');
  else if (named.length > 0 && !(ofModel || (settled && named.length === 1 && named[0] === 'train')))
    for (const stage of named) first([stage], (each) => PROPOSALS[each]);
  if (points.length > 0 || settled || ofModel || named.length > 0) return points;
  return ahead.map((stage) => ({ stage, topic: PROPOSALS[stage] }));
}
