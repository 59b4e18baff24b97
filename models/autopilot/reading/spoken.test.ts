/**
 * What people say to the agent, as a corpus: no question changes anything, no order is lost, nothing is claimed that
 * was not done. Half of it was written from the contract before the readers were looked at.
 */

import type { ModelMessage } from '../../../core/ports/model.ts';
import { acknowledge } from '../answering/acknowledgement.ts';
import { nextLookUp } from '../answering/stage-answers.ts';
import { viewStage } from '../stage-view.ts';
import {
  asWished,
  changesBetween,
  explorationHears,
  namesOf,
  SPOKEN_TABLES,
  type Spoken,
  type SpokenTable,
  spokenIn,
  statesOf,
  trainingHears,
} from '../testing/spoken.ts';
import { asksSomething, changesSomething, isStopped } from './clause.ts';
import { readClauses } from './clauses.ts';
import { readWishes } from './wishes.ts';

const FIRST = spokenIn('from-the-contract.tsv');
const ALL = [...FIRST, ...spokenIn('with-the-code.tsv')];
/** Share of the sentences that are to do what a careful colleague would. */
const DONE = 0.95;
/** What a sentence that is not followed is answered. */
const NOT_FOLLOWED = /nothing changes|I do not understand|I cannot answer|cannot answer this one/i;
const CLAIMS: [RegExp, (name: string) => string][] = [
  [/I leave out ((?:`[^`]+`(?:, | and )?)+)/g, (name) => `out:${name}`],
  [/I leave ((?:`[^`]+`(?:, | and )?)+) out of what/g, (name) => `out:${name}`],
  [/I predict ((?:`[^`]+`)+)/g, (name) => `target:${name}`],
  [/((?:`[^`]+`(?:, | and )?)+) stays? in, unless/g, (name) => `in:${name}`],
];

const tableOf = ({ table }: Spoken): SpokenTable => {
  const found = SPOKEN_TABLES[table];
  if (found === undefined) throw new Error(`There is no table [${table}].`);
  return found;
};

function changesOf(spoken: Spoken): string[] {
  const names = namesOf(tableOf(spoken));
  const before = readWishes(spoken.before, names);
  return changesBetween(before, readWishes([...spoken.before, spoken.sentence], names));
}

function replyTo(
  spoken: Spoken,
  hears: (table: SpokenTable, words: readonly string[]) => ModelMessage[] = explorationHears,
): string {
  return acknowledge(viewStage(hears(tableOf(spoken), [...spoken.before, spoken.sentence])));
}

const isAsExpected = (spoken: Spoken): boolean =>
  changesOf(spoken).join(' ') === spoken.changes.map(asWished).sort().join(' ');

const quotedIn = (list: string): string[] => [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The classes of what the sentence's clauses come to. */
function outcomesOf(spoken: Spoken): Set<string> {
  const clauses = readClauses(spoken.sentence, namesOf(tableOf(spoken)));
  return new Set(
    clauses.flatMap((clause): string[] => {
      if (clause.kind === 'hypothetical') return ['offer', 'answer'];
      if (asksSomething(clause)) return ['answer', 'unknown', 'offer'];
      if (clause.ambiguous !== null) return ['ask', 'unknown'];
      if (clause.metric?.metric === undefined && clause.metric !== null) return ['unknown'];
      if (changesSomething(clause)) return ['change'];
      if (clause.kind === 'language' || clause.kind === 'courtesy') return [clause.kind];
      return isStopped(clause) || clause.unfollowed !== null ? ['unknown', 'ask'] : ['unknown', 'none'];
    }),
  );
}

test('there are 300 sentences or more, at least half of them written from the contract alone', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(300);
  expect(FIRST.length).toBeGreaterThanOrEqual(ALL.length / 2);
  const kinds = new Set(ALL.map(({ kind }) => kind));
  const kindsNeeded = ['order', 'question', 'hypothetical', 'correction', 'comparison', 'less_or_more'];
  expect(
    [...kindsNeeded, 'mixed', 'polite', 'terse', 'misspelt', 'language'].filter((kind) => !kinds.has(kind)),
  ).toEqual([]);
});

test('a sentence makes the changes that it orders, or none and that is said', () => {
  const wrong = ALL.filter((spoken) => !isAsExpected(spoken)).filter((spoken) => {
    const beyond = changesOf(spoken).filter((change) => !spoken.changes.map(asWished).includes(change));
    return beyond.length > 0 || !NOT_FOLLOWED.test(replyTo(spoken));
  });
  expect(wrong.map(({ sentence }) => sentence)).toEqual([]);
});

test('95 % and more come to what a careful colleague would do', () => {
  const missed = ALL.filter((spoken) => {
    const outcomes = outcomesOf(spoken);
    return !isAsExpected(spoken) || !spoken.outcome.every((outcome) => outcomes.has(outcome));
  });
  // the list says which where there are too many
  expect(missed.length <= (1 - DONE) * ALL.length ? [] : missed.map(({ sentence }) => sentence)).toEqual([]);
});

test('nothing is claimed in a stage that the wishes do not hold', () => {
  for (const hears of [explorationHears, trainingHears]) {
    const wrong = ALL.flatMap((spoken) => {
      const names = namesOf(tableOf(spoken));
      const made = statesOf(readWishes([...spoken.before, spoken.sentence], names));
      const reply = replyTo(spoken, hears);
      const claimed = CLAIMS.flatMap(([claim, change]) =>
        [...reply.matchAll(claim)].flatMap(([, list = '']) => quotedIn(list).map(change)),
      );
      return claimed.filter((change) => !made.has(change)).map((change) => `${spoken.sentence}: ${change}`);
    });
    expect(wrong).toEqual([]);
  }
});

describe('a question', () => {
  const questions = ALL.filter(({ outcome }) => outcome.every((each) => ['answer', 'offer'].includes(each)));

  test.each(Object.keys(SPOKEN_TABLES))('changes nothing, whatever column of %s it names', (table) => {
    const names = namesOf(SPOKEN_TABLES[table] as SpokenTable);
    const asked = questions.filter((spoken) => spoken.table === table);
    const wrong = asked.flatMap(({ sentence }) => {
      const named = names.filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(sentence));
      const forms = names.flatMap((other) =>
        (named.length > 0 ? named : ['it', 'the model', 'log loss']).map((name) =>
          sentence.replace(new RegExp(`\\b${name}\\b`, 'gi'), other),
        ),
      );
      return forms.filter(
        (form) => changesBetween(readWishes([], names), readWishes([form], names)).length > 0,
      );
    });
    expect(wrong).toEqual([]);
  });

  test('does not undo what was ordered, nor what follows it', () => {
    for (const spoken of questions) {
      const names = namesOf(tableOf(spoken));
      const order = 'Leave out sex and judge it by accuracy.';
      expect(readWishes([order, spoken.sentence], names)).toEqual(readWishes([order], names));
      expect(readWishes([spoken.sentence, order], names)).toEqual(readWishes([order], names));
    }
  });

  test('is told that it changes nothing where it supposes something', () => {
    for (const spoken of ALL.filter(({ outcome }) => outcome.includes('offer'))) {
      const clauses = readClauses(spoken.sentence, namesOf(tableOf(spoken)));
      if (!clauses.some(({ supposed }) => supposed !== null)) continue;
      expect(replyTo(spoken)).toContain('Asking changes nothing.');
    }
  });
});

test('each order said of a question is what the question supposed', () => {
  const names = namesOf(SPOKEN_TABLES.titanic as SpokenTable);
  const reply = replyTo({ ...(FIRST[0] as Spoken), sentence: 'Should we leave out sex and use log loss?' });
  const order = /say “([^”]+)”/.exec(reply)?.[1] ?? '';
  expect(changesBetween(readWishes([], names), readWishes([order], names))).toEqual([
    'metric:log_loss',
    'out:sex',
  ]);
});

test.each([
  ['leave out age and snorfle', 'snorfle'],
  ['drop age for women', 'women'],
  ['use boosting with splines', 'splines'],
  ['leave out age if it leaks', 'if it leaks'],
  ['judge it by log loss for women', 'women'],
])('a word that is not known stops the order and is named: “%s”', (sentence, word) => {
  const spoken = { ...(FIRST[0] as Spoken), sentence };
  expect(changesOf(spoken)).toEqual([]);
  expect(replyTo(spoken)).toMatch(new RegExp(`“${word}”.*[Nn]othing changes`));
});

test('words that fit several columns are asked back with them', () => {
  const spoken = { ...(FIRST[0] as Spoken), table: 'penguins', sentence: 'Leave out bill.' };
  expect(changesOf(spoken)).toEqual([]);
  expect(replyTo(spoken)).toMatch(/Which column is “bill”: `bill_length_mm` and `bill_depth_mm`\?/);
});

test('what is in another language is answered so and never half followed', () => {
  for (const sentence of [
    'Lass age weg. Log loss.',
    'Bitte ohne age, accuracy',
    'Nimm log loss, drop age bitte',
  ]) {
    const spoken = { ...(FIRST[0] as Spoken), sentence };
    expect(changesOf(spoken)).toEqual([]);
    expect(replyTo(spoken)).toMatch(/I read English only|I do not understand|I know no column/);
  }
});

/** Sentences whose polarity, condition or second half is easily lost, with what they change. */
test.each([
  ['Make sure the model doesn’t use sex.', ['out:sex']],
  ['I don’t think you should drop sex.', ['in:sex']],
  ['No, leave out fare instead.', ['out:fare']],
  ['Use sex, not age.', ['in:sex', 'out:age']],
  ['use fare but not age', ['in:fare', 'out:age']],
  ['Drop age but keep fare.', ['in:fare', 'out:age']],
  ['Don’t use anything but sex and age.', ['only:sex,age']],
  ['Use boosting without age.', ['learner:boosting', 'out:age']],
  ['I want neither sex nor age.', ['out:age', 'out:sex']],
  ['Use no age.', ['out:age']],
  ['Please stop leaving out age.', ['in:age']],
  ['Do not drop age, drop fare.', ['in:age', 'out:fare']],
  ['Use log loss and boosting.', ['learner:boosting', 'metric:log_loss']],
  ['No boosting or random forest.', ['not_learner:boosting', 'not_learner:forest']],
  ['use age as the target', ['target:age']],
  ['Sex must not influence the prediction.', ['out:sex']],
  ['The prediction should not depend on sex.', ['out:sex']],
  ['The target should not be fare.', []],
  ['Undo the drop of age.', ['in:age']],
  ['Drop sex, no wait, drop age.', ['out:age']],
  ['If age leaks, drop it.', []],
  ['drop age only in training', []],
  ['drop age when fare is missing', []],
  ['consider dropping age', []],
  ['anything but accuracy', []],
  ['accuracy and log loss', []],
  ['replace age with fare', []],
  ['Leaving out age was a mistake.', []],
  ['You left out age.', []],
  ['My colleague dropped age.', []],
  ['I did not ask you to drop age.', []],
])('“%s” changes that and nothing else', (sentence, changes) => {
  expect(changesOf({ ...(FIRST[0] as Spoken), sentence })).toEqual(changes);
});

test.each(['aggregates', 'none'])(
  'while %s is shared nothing is told of the rows in a stage',
  (data_sharing) => {
    const table = SPOKEN_TABLES.titanic as SpokenTable;
    const view = viewStage(
      explorationHears(table, ['How many women survived? Why is cabin out?'], { data_sharing }),
    );
    expect(nextLookUp(view)).toBeNull();
    expect(acknowledge(view)).toMatch(
      /Of the rows I tell nothing.*`cabin` is left out: most of it is missing/s,
    );
  },
);
