/** What a person says while the stages run, against real Python: how it is answered, and what becomes of it. */

import { join } from 'node:path';
import { runSession, ScriptRunner, type SessionOptions } from './testing/stage-harness.ts';

const PENGUINS = join(__dirname, '../../examples/penguins.csv');
const MINUTES = 60_000;

let runner: ScriptRunner;
beforeAll(async () => {
  runner = new ScriptRunner();
  await runner.ready();
}, 2 * MINUTES);
afterAll(() => runner.stop());

const explore = (options: Omit<SessionOptions, 'stages'>) =>
  runSession(runner, { ...options, stages: ['eda'] });

describe('a message', () => {
  test(
    'a message in the middle is acknowledged and followed',
    async () => {
      const messages = [
        { stage: 'eda' as const, afterTurn: 2, text: 'Please predict sex and leave out island.' },
      ];
      const session = await explore({ table: PENGUINS, messages });
      expect(session.stages[0]?.said[2]).toContain('You said “Please predict sex and leave out island.”');
      expect(session.stages[0]?.summary).toContain('Target: `sex` (binary), because you named it in words');
      expect(session.stages[0]?.summary).toContain('Dropped `island`: it was excluded on request');
    },
    2 * MINUTES,
  );

  test(
    'a metric asked for in the preparation is what training chooses and reports by',
    async () => {
      const messages = [{ stage: 'prep' as const, afterTurn: 2, text: 'use f1_macro' }];
      const facts = { metric: 'accuracy' } as SessionOptions['facts'];
      const session = await runSession(runner, { table: PENGUINS, messages, facts });
      expect(session.stages[1]?.said[2]).toContain('The model is chosen and judged by f1_macro.');
      expect(session.json('train/data/metadata.json')).toMatchObject({
        primary_metric: 'f1_macro',
        cv: { metric: 'f1_macro' },
      });
      expect(session.read('train/report.md')).toMatch(/Metric: \*\*f1_macro\*\* .*because you asked for it/);
    },
    4 * MINUTES,
  );

  test(
    'a wish to be asked before training is kept until then',
    async () => {
      const messages = [{ stage: 'eda' as const, afterTurn: 1, text: 'Ask me before training.' }];
      const session = await runSession(runner, { table: PENGUINS, messages });
      expect(session.stages.map((run) => run.asked)).toEqual([
        [],
        [],
        [expect.stringContaining('You asked to be asked first (“Ask me before training.”)')],
      ]);
    },
    2 * MINUTES,
  );
});
