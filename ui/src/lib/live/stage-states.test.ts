/** What a session waits for, and whether a person ends the wait: only such a one is in saffron. */

import type { Session } from '../api/types.ts';
import { isWorking, needsPerson, stageMarks, stateWords } from './stage-states.ts';

const session = (state: Session['state'], rest: Partial<Pick<Session, 'failed_stage' | 'waiting'>> = {}) => ({
  state,
  failed_stage: rest.failed_stage ?? null,
  waiting: rest.waiting ?? null,
});

test('the marks of the stages follow from the one state', () => {
  const marks = (...words: Parameters<typeof session>) => Object.values(stageMarks(session(...words)));
  expect(marks('created')).toEqual(['todo', 'todo', 'todo']);
  expect(marks('eda_running')).toEqual(['running', 'todo', 'todo']);
  expect(marks('prep_done')).toEqual(['done', 'done', 'todo']);
  expect(marks('train_running', { waiting: { reason: 'question' } })).toEqual(['done', 'done', 'waiting']);
  expect(marks('train_running', { waiting: { reason: 'slot' } })).toEqual(['done', 'done', 'running']);
  // saffron is for what a person is asked
  expect(marks('train_running', { waiting: { reason: 'stopped' } })).toEqual(['done', 'done', 'stopped']);
  expect(marks('train_done')).toEqual(['done', 'done', 'done']);
  expect(marks('failed', { failed_stage: 'prep' })).toEqual(['done', 'failed', 'todo']);
});

test('a person is needed for a question, an approval, a limit or a loop, not for a quota', () => {
  const reasons = ['question', 'approval', 'limit', 'stopped', 'quota', 'slot', 'provider', 'loop'] as const;
  const waiting = reasons.filter((reason) => needsPerson(session('eda_running', { waiting: { reason } })));
  expect(waiting).toEqual(['question', 'approval', 'limit', 'loop']);
  const credit = session('eda_running', { waiting: { reason: 'provider', subject: 'credit' } });
  expect(needsPerson(credit)).toBe(true);
  expect(isWorking(credit)).toBe(false);
});

test('what waits for a person or was stopped is not at work', () => {
  expect(isWorking(session('eda_running'))).toBe(true);
  expect(isWorking(session('eda_running', { waiting: { reason: 'quota' } }))).toBe(true);
  expect(isWorking(session('eda_running', { waiting: { reason: 'stopped' } }))).toBe(false);
  expect(isWorking(session('eda_running', { waiting: { reason: 'question' } }))).toBe(false);
  expect(isWorking(session('eda_done'))).toBe(false);
});

test('the state in words', () => {
  const words = [
    session('created'),
    session('eda_running'),
    session('prep_running', { waiting: { reason: 'approval' } }),
    session('prep_running', { waiting: { reason: 'provider', subject: 'down' } }),
    session('eda_running', { waiting: { reason: 'provider', subject: 'credit' } }),
    session('eda_running', { waiting: { reason: 'loop' } }),
    session('prep_done'),
    session('failed', { failed_stage: 'train' }),
    session('train_done'),
    session('cancelled'),
  ].map(stateWords);
  expect(words).toEqual([
    'Not started',
    'EDA running',
    'Prep wants approval',
    'Prep waits for its model',
    'EDA has no credit',
    'EDA goes in circles',
    'Prep done',
    'Train failed',
    'Done',
    'Cancelled',
  ]);
});
