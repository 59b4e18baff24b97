import type { SessionState } from '../../../lib/api/types.ts';
import {
  idleWords,
  isStopping,
  mayCancel,
  mayResume,
  maySend,
  mayStart,
  mayStop,
  messageHint,
  nextStage,
  resumeWord,
  type SessionSituation,
  startsItself,
  startWord,
  waitingWords,
} from './allowed.ts';

const at = (state: SessionState, more: Partial<SessionSituation> = {}): SessionSituation => ({
  state,
  failedStage: null,
  waiting: null,
  waitSubject: null,
  stopAfterStep: false,
  forked: false,
  followUp: false,
  starting: false,
  ...more,
});

test('what starts by itself offers no start, and says what comes after what', () => {
  const between = at('eda_done', { starting: true });
  expect(nextStage(between)).toBeNull();
  const stages = ['eda', 'prep', 'train'] as const;
  const words = (situation: SessionSituation) => stages.map((stage) => idleWords(stage, situation));
  expect(words(at('created', { starting: true }))).toEqual(['starting', 'after EDA', 'after Prep']);
  expect(words(at('created'))).toEqual(['not started', 'after EDA', 'after Prep']);
  expect(words(between).slice(1)).toEqual(['starting', 'after Prep']);
  const auto = (state: SessionState, waiting: SessionSituation['waiting'] = null) =>
    startsItself('auto', { state, waiting });
  expect([auto('created'), auto('eda_done'), auto('eda_done', 'stopped'), auto('train_done')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(startsItself('manual', { state: 'created', waiting: null })).toBe(false);
});

test('what a role may not do is not offered, with the reason', () => {
  const forbidden = 'The role readonly may not do this (session:write).';
  const running = at('eda_running', { forbidden });
  const answers = [
    mayStart('eda', at('created', { forbidden })),
    ...[mayStop(running), mayCancel(running), maySend(running)],
    mayResume(at('eda_running', { waiting: 'stopped', forbidden })),
  ];
  expect(answers).toEqual(Array(5).fill({ allowed: false, reason: forbidden }));
});

test.each<[SessionState, (string | null)[]]>([
  ['created', ['Start EDA', null, null]],
  ['eda_running', [null, null, null]],
  ['eda_done', ['Run again', 'Start Prep', null]],
  ['prep_done', ['Run again', 'Run again', 'Start Train']],
  ['train_done', ['Run again', 'Run again', 'Run again']],
  ['cancelled', [null, null, null]],
])('in %s the stages offer %j', (state, words) => {
  const situation = at(state);
  const offered = (['eda', 'prep', 'train'] as const).map((stage) =>
    mayStart(stage, situation).allowed ? startWord(stage, situation) : null,
  );
  expect(offered).toEqual(words);
});

test('a failed stage may be tried again, a later one may not start', () => {
  const situation = at('failed', { failedStage: 'prep' });
  expect(startWord('prep', situation)).toBe('Try again');
  expect(nextStage(situation)).toBe('prep');
  expect(mayStart('train', situation)).toEqual({ allowed: false, reason: 'Needs Prep first.' });
});

test('what is running can be cancelled and stopped; what waits can be resumed', () => {
  expect(mayCancel(at('eda_running')).allowed).toBe(true);
  expect(mayCancel(at('train_done')).reason).toMatch('nothing to cancel');
  expect(mayStop(at('eda_running')).allowed).toBe(true);
  expect(mayStop(at('eda_running', { stopAfterStep: true })).allowed).toBe(false);
  expect(mayStop(at('eda_done')).allowed).toBe(false);
  expect(mayResume(at('eda_running', { waiting: 'limit' })).allowed).toBe(true);
  expect(mayResume(at('eda_running', { waiting: 'question' })).allowed).toBe(false);
});

test('no stage starts while a follow-up is answered', () => {
  expect(mayStart('eda', at('train_done', { followUp: true })).allowed).toBe(false);
});

test('messages go everywhere but to a cancelled session', () => {
  expect(maySend(at('cancelled')).allowed).toBe(false);
  expect(maySend(at('created')).allowed).toBe(true);
  expect(messageHint(at('train_done'))).toMatch('Ask about the results');
});

test('it is stopping only until it has stopped, waits for a person or is cancelled', () => {
  const stopping = { stopAfterStep: true };
  expect(isStopping(at('eda_running', stopping))).toBe(true);
  expect(isStopping(at('eda_running', { ...stopping, waiting: 'slot' }))).toBe(true);
  expect(isStopping(at('eda_running', { ...stopping, waiting: 'stopped' }))).toBe(false);
  expect(isStopping(at('eda_running', { ...stopping, waiting: 'question' }))).toBe(false);
  expect(isStopping(at('cancelled', stopping))).toBe(false);
  expect(isStopping(at('eda_running'))).toBe(false);
});

test('a fork stands where it was forked: nobody asked it to stop', () => {
  const stopped = at('eda_running', { waiting: 'stopped' });
  expect(waitingWords({ ...stopped, forked: true })).not.toContain('as you asked');
  expect(waitingWords(stopped)).toContain('as you asked');
  expect(waitingWords({ ...stopped, waiting: 'limit', forked: true })).toBe('A limit is reached');
});

test('a wait for the provider can be stopped and tried at once, whoever could mend it', () => {
  for (const waitSubject of ['down', 'credit']) {
    const situation = at('eda_running', { waiting: 'provider', waitSubject });
    expect(mayStop(situation).allowed).toBe(true);
    expect(mayResume(situation).allowed).toBe(true);
    expect(resumeWord(situation)).toBe('Try now');
    expect(isStopping({ ...situation, stopAfterStep: true })).toBe(true);
  }
  expect(mayStop(at('eda_running', { waiting: 'loop' })).allowed).toBe(false);
  expect(resumeWord(at('eda_running', { waiting: 'loop' }))).toBe('Resume');
});
