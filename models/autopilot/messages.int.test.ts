/** What a person says while the stages run, against real Python: how it is answered, and what becomes of it. */

import { PENGUINS } from './testing/penguins.ts';
import {
  runSession,
  type ScriptRunner,
  type SessionOptions,
  type SessionRecord,
  useScriptRunner,
} from './testing/stage-harness.ts';

const MINUTES = 60_000;

let runner: ScriptRunner;
useScriptRunner((ready) => {
  runner = ready;
});

// other tests look at the figures and at how well models of this table are judged
const follow = (options: SessionOptions) =>
  runSession(runner, { ...options, draw: false, shortTraining: true });
const explore = (options: Omit<SessionOptions, 'stages'>) => follow({ ...options, stages: ['eda'] });

describe('a message', () => {
  test(
    'a message in the middle is acknowledged and followed',
    async () => {
      const messages = [
        { stage: 'eda' as const, afterTurn: 2, text: 'Please predict sex and leave out island.' },
      ];
      const session = await explore({ table: PENGUINS, messages });
      expect(session.stages[0]?.texts[2]).toContain(
        'You said “Please predict sex”: I predict `sex`. “leave out island.”: I leave out `island`.',
      );
      expect(session.stages[0]?.summary).toContain('Target: `sex` (binary), because you named it in words');
      expect(session.stages[0]?.summary).toContain('Dropped `island`: it was excluded on request');
    },
    2 * MINUTES,
  );

  test(
    'a metric asked for in the preparation is what training chooses and reports by',
    async () => {
      const messages = [
        { stage: 'prep' as const, afterTurn: 2, text: 'use f1_macro' },
        { stage: 'train' as const, afterTurn: 1, text: 'Ask me before training.' },
      ];
      const facts = { metric: 'accuracy' } as SessionOptions['facts'];
      const session = await follow({ table: PENGUINS, messages, facts, answers: ['go on'] });
      expect(session.stages[2]?.asked).toEqual([expect.stringContaining('“Ask me before training.”')]);
      expect(session.stages[1]?.texts[2]).toContain('The model is chosen and judged by f1_macro.');
      expect(session.json('train/data/metadata.json')).toMatchObject({
        primary_metric: 'f1_macro',
        cv: { metric: 'f1_macro' },
      });
      expect(session.read('train/report.md')).toMatch(/Metric: \*\*f1_macro\*\* .*because you asked for it/);
    },
    4 * MINUTES,
  );
});

describe('columns to leave out, said while the stages run', () => {
  let session: SessionRecord;
  beforeAll(async () => {
    const messages = [
      { stage: 'eda' as const, afterTurn: 1, text: 'Ask me before training.' },
      { stage: 'prep' as const, afterTurn: 3, text: 'Please avoid the column island' },
    ];
    const facts = { target: 'species' } as SessionOptions['facts'];
    const answers = ['leave out sex, use f1_macro as metric, then go on'];
    session = await follow({ table: PENGUINS, messages, facts, answers });
  }, 4 * MINUTES);
  const features = (stage: string) => session.json(`${stage}/data/metadata.json`).feature_columns as string[];

  test('a wish to be asked before training is kept until then', () => {
    expect(session.stages.map((run) => run.asked)).toEqual([
      [],
      [],
      [expect.stringContaining('You asked to be asked first (“Ask me before training.”)')],
    ]);
  });

  test('in the preparation what is built is built anew without them, and read back', () => {
    const scripts = session.stages[1]?.calls.filter(({ name }) => name === 'execute_code') ?? [];
    expect(scripts.map(({ title }) => title)).toEqual([
      'Check the decisions against the table',
      'Build splits and pipeline',
      'Read splits and pipeline back',
      'Build splits and pipeline',
      'Read splits and pipeline back',
    ]);
    expect(features('prep')).not.toContain('island');
    expect(features('prep')).toContain('sex');
    expect(session.json('prep/data/metadata.json').dropped_columns).toMatchObject({
      island: 'excluded on request',
    });
    expect(session.stages[1]?.summary).toContain('Not used: `island`.');
  });

  test(
    'in the answer to a question of training what concerns the preparation waits, the rest is followed, and every ' +
      'clause is answered',
    async () => {
      expect(session.stages[2]?.texts.join(' ')).toMatch(
        new RegExp(
          '“leave out sex”: “leave out `sex`” concerns the preparation, which runs again .*' +
            '“use f1_macro as metric”: The model is chosen and judged by f1_macro',
        ),
      );
      expect(features('train')).toEqual(features('prep'));
      expect(session.json('train/data/metadata.json')).toMatchObject({ primary_metric: 'f1_macro' });
      const decided = JSON.parse(session.ledger) as {
        decisions: { key: string; by: string; reason: string }[];
      };
      expect(decided.decisions).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ key: 'column.island.use', reason: 'Please avoid the column island' }),
          expect.objectContaining({ key: 'column.sex.use', by: 'person', reason: 'leave out sex' }),
          expect.objectContaining({ key: 'metric', value: 'f1_macro', reason: 'use f1_macro as metric' }),
        ]),
      );
    },
  );
});

test(
  'a request to be asked which metric matters is a question with the metrics to choose from; the answer is followed',
  async () => {
    const facts = {
      target: 'body_mass_g',
      instructions: 'The birds were weighed in Antarctica. Ask me which metric matters.',
    } as SessionOptions['facts'];
    const session = await explore({ table: PENGUINS, facts, answers: ['I like pie', 'mae'] });
    const [first = '', again = ''] = session.stages[0]?.asked ?? [];
    expect(first).toMatch(
      /“Ask me which metric matters\.”\)\. I would .* by r2, .*\| r2 \(recommended\).*Which metric should it be\?$/s,
    );
    expect(again).toMatch(/^I cannot follow all of “I like pie”/);
    expect(session.json('eda/data/decisions.json')).toMatchObject({ metric: 'mae' });
  },
  2 * MINUTES,
);

describe('questions and orders, said while the stages run', () => {
  let session: SessionRecord;
  const heard = (stage: number): string => session.stages[stage]?.texts.join('\n') ?? '';
  beforeAll(async () => {
    const messages = [
      { stage: 'eda' as const, afterTurn: 2, text: 'How many Gentoo are there? Should we leave out island?' },
      { stage: 'prep' as const, afterTurn: 2, text: 'Why this split? What is the mean body mass of Adelie?' },
      { stage: 'prep' as const, afterTurn: 3, text: 'Simpler, please. And why did you drop island?' },
      { stage: 'train' as const, afterTurn: 1, text: 'how many female penguins live on Dream?' },
      { stage: 'train' as const, afterTurn: 5, text: 'Why not boosting?' },
    ];
    session = await follow({ table: PENGUINS, messages, facts: { target: 'species' } });
  }, 5 * MINUTES);

  test('a question in the exploration is answered by SQL, and nothing is left out for it', () => {
    expect(heard(0)).toMatch(/You asked “How many Gentoo are there\?”: 124 rows of the upload’s 344/);
    expect(heard(0)).toContain('Asking changes nothing. To have it, say “leave out `island`”');
    expect(session.json('eda/data/decisions.json').drop).not.toHaveProperty('island');
  });

  test('in the preparation it is answered from what the exploration decided and from the rows', () => {
    expect(heard(1)).toMatch(/“Why this split\?”: Rows are dealt /);
    expect(heard(1)).toMatch(/among rows with `species` “Adelie” the mean of `body_mass_g` is 3,700\.7/);
    expect(heard(1)).toMatch(/“why did you drop island\?”: `island` is not left out\. `island` is a feature/);
    expect(session.json('prep/data/metadata.json').feature_columns).toContain('island');
  });

  test('in training, too; an order of an earlier stage is followed there', () => {
    expect(heard(2)).toMatch(/61 rows of the upload’s 344.*`sex` “FEMALE” and `island` “Dream”/);
    expect(heard(2)).toMatch(/Candidates: dummy, regularised linear model, judged by/);
    expect(heard(2)).toMatch(/Gradient boosting was not among them/);
  });
});
