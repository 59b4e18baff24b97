/** What a stage's former run left, its report, figures and model, while the stage runs again, and how it is marked. */

import { FormerResults, formerWords } from './former-results.ts';
import { asEvent, type LogEvent, type Stage } from './log-event.ts';
import { NO_PROGRESS, type Progress, progressAfter } from './stage-progress.ts';

let seq = 0;
const event = (type: string, stage: Stage, run: number, data: Record<string, unknown>): LogEvent => {
  seq += 1;
  return asEvent({ seq, type, stage, run, data, created_at: '2026-01-01T00:00:00Z' });
};
const state = (stage: Stage, run: number, name: string) => event('state_change', stage, run, { state: name });
const checkpoint = (stage: Stage, run: number, id: string) =>
  event('checkpoint', stage, run, { step: 's', checkpoint: id, files: 1, bytes: 1 });

function after(...events: LogEvent[]) {
  const results = new FormerResults();
  let progress: Progress = NO_PROGRESS;
  for (const each of events) {
    results.take(each);
    progress = progressAfter(progress, each);
  }
  return { of: (stage: Stage) => results.former(progress[stage]), progress };
}

const DONE = [
  ...[
    state('eda', 1, 'eda_running'),
    checkpoint('eda', 1, 'c1'),
    checkpoint('eda', 1, 'c2'),
    state('eda', 1, 'eda_done'),
  ],
  ...[state('prep', 1, 'prep_running'), checkpoint('prep', 1, 'c3'), state('prep', 1, 'prep_done')],
];

test('what a stage left is in the workspace until the stage, or one before it, runs again', () => {
  const done = after(...DONE);
  expect([done.of('eda'), done.of('prep'), done.of('train')]).toEqual([null, null, null]);
  const again = [
    event('stale', 'eda', 2, { stages: ['prep'] }),
    state('eda', 2, 'eda_running'),
    checkpoint('eda', 2, 'c4'),
  ];
  const running = after(...DONE, ...again);
  expect(running.of('eda')).toEqual({ run: 1, checkpoint: 'c2' });
  expect(running.of('prep')).toEqual({ run: 1, checkpoint: 'c3' });
  expect(formerWords(running.progress.eda, running.of('eda'))).toBe('Run 2 is under way; this is of run 1.');
  expect(formerWords(running.progress.prep, running.of('prep'))).toContain('Out of date');
  const failed = after(...DONE, ...again, state('eda', 2, 'failed'));
  expect(failed.of('eda')).toEqual({ run: 1, checkpoint: 'c2' });
  expect(formerWords(failed.progress.eda, failed.of('eda'))).toBe('Run 2 failed; this is of run 1.');
  const anew = after(...DONE, ...again, state('eda', 2, 'eda_done'));
  expect([anew.of('eda'), anew.of('prep')]).toEqual([null, { run: 1, checkpoint: 'c3' }]);
});

test('a first run has nothing before it', () => {
  const first = after(state('eda', 1, 'eda_running'), checkpoint('eda', 1, 'c1'));
  expect([first.of('eda'), formerWords(first.progress.eda, null)]).toEqual([null, '']);
});
