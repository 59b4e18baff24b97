/** The names of the candidates for people, and the question which of them is to be the model. */

import { LEARNER_TITLES } from '../../../core/learners.ts';
import type { Facts, Findings } from '../facts.ts';
import { score, theModel } from '../prose.ts';
import { asksOnly } from '../reading/clauses.ts';
import type { Wishes } from '../reading/wishes.ts';
import { isSame } from '../stage-view.ts';
import type { StageView } from '../view.ts';
import { anyOf } from '../vocabulary/lines.ts';
import * as vocabulary from '../vocabulary/models.ts';
import type { Choice } from './consent.ts';
import { decidedValue } from './decided-values.ts';

/** What people are told of the candidates, as the reports do. */
export const MODEL_TITLES = LEARNER_TITLES;
/** What people call them, by the candidates' own names. */
const MODEL_WORDS: Record<string, RegExp> = {
  log_linear: anyOf(vocabulary.LOG_LINEAR, 'i'),
  linear: anyOf(vocabulary.LINEAR, 'i'),
  kernel: anyOf(vocabulary.KERNEL, 'i'),
  forest: anyOf(vocabulary.FOREST, 'i'),
  extra_trees: anyOf(vocabulary.EXTRA_TREES, 'i'),
  boosting: anyOf(vocabulary.BOOSTING, 'i'),
  network: anyOf(vocabulary.NETWORK, 'i'),
};
const QUESTION = 'Which model should it be?';

export const titlesOf = (names: readonly string[]): string[] =>
  names.map((name) => MODEL_TITLES[name] ?? name);

/** The question that a wish to choose the model is answered by, once the candidates were compared. */
export function modelChoice(compare: Findings<'train_compare'>, chosen: string): Choice {
  const scores = (compare.candidates ?? []).map(
    ({ title, mean, sd }) => `${title} ${score(mean)} (sd ${score(sd)})`,
  );
  const scored = scores.length > 0 ? `${compare.metric}: ${scores.join(', ')}. ` : '';
  return {
    topic: 'model',
    proposal: `${scored}I would fit ${theModel(MODEL_TITLES[chosen] ?? chosen)}.`,
    question: QUESTION,
    choices: titlesOf(fitted(compare)),
    recommended: MODEL_TITLES[chosen] ?? chosen,
    consequences: (compare.candidates ?? []).flatMap(({ name, title, mean, sd }) =>
      name === 'dummy'
        ? []
        : [{ choice: MODEL_TITLES[name] ?? title, means: meaning({ name, mean, sd }, chosen, compare) }],
    ),
    names: (answer) => namedIn(answer, compare) !== null,
  };
}

/** What a candidate scored, and of the one that would be taken why. */
function meaning(
  { name, mean, sd }: { name: string; mean: number; sd: number },
  chosen: string,
  compare: Findings<'train_compare'>,
): string {
  const scored = `${compare.metric} ${score(mean)} (sd ${score(sd)})`;
  return name === chosen ? `${scored}: ${whyChosen(chosen, compare)}` : scored;
}

/**
 * Why a candidate becomes the model where nobody chose it; completes "because …". The dummy is the simplest of all:
 * where it is as good as the best, nothing else is the simplest that is.
 */
export function whyChosen(chosen: string, { best, beats_dummy }: Findings<'train_compare'>): string {
  if (!beats_dummy)
    return 'a model was asked for; none of those compared is better than a dummy by more than one standard error';
  if (chosen === best) return 'it scores best, and nothing simpler comes within one standard error of it';
  return `it is the simplest within one standard error of the best (${MODEL_TITLES[best] ?? best})`;
}

/** The candidate that the person chose when asked; null when none was. */
export function modelChosen(view: StageView, compare: Findings<'train_compare'>): string | null {
  const answer = view.answers.findLast(({ question }) => question.endsWith(QUESTION));
  return answer === undefined || asksOnly(answer.text) ? null : namedIn(answer.text, compare);
}

/** The candidate that the person ordered, where it could be fitted. */
export function modelWished({ model }: Wishes, compare: Findings<'train_compare'>): string | null {
  return model !== null && fitted(compare).includes(model) ? model : null;
}

/** The candidate that a person's decision names; null where none does, or it could not be fitted. */
export function modelDecided(facts: Facts, compare: Findings<'train_compare'>): string | null {
  const decided = decidedValue(facts, 'model.choice');
  return typeof decided === 'string' && fitted(compare).includes(decided) ? decided : null;
}

function namedIn(answer: string, compare: Findings<'train_compare'>): string | null {
  const offered = fitted(compare);
  const titled = offered.find((name) => isSame(name, answer) || isSame(MODEL_TITLES[name] ?? name, answer));
  if (titled !== undefined) return titled;
  return (
    Object.keys(MODEL_WORDS).find((name) => offered.includes(name) && MODEL_WORDS[name]?.test(answer)) ?? null
  );
}

/** The candidates that could be fitted, as far as they are told: where scores are withheld, the best and its equals. */
function fitted(compare: Findings<'train_compare'>): string[] {
  const names = compare.candidates?.map(({ name }) => name) ?? [
    ...new Set([compare.best, ...compare.within_one_se]),
  ];
  return names.filter((name) => name !== 'dummy');
}
