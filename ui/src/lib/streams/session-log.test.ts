import { CAPTURED_CHARACTERS } from './captured-output.ts';
import type { ToolItem } from './conversation-item.ts';
import { asEvent } from './log-event.ts';
import { SessionLog } from './session-log.ts';
import { createEvents, logOf } from './testing/events.ts';

const start = (step: string) => ({ step, tool: 'execute_code', title: 'Look', input: { code: 'print(1)' } });
const toolOf = (log: SessionLog, id: string): ToolItem => {
  const item = log.conversation.get(id);
  if (item?.kind !== 'tool') throw new Error(`no tool call ${id}`);
  return item;
};

test('an event that was taken is not taken again, in whatever pages it comes', () => {
  const event = createEvents();
  const events = [
    event('agent_message', { message: 'a', text: 'One' }),
    event('agent_message', { message: 'b', text: 'Two' }),
  ];
  expect(logOf(...events, ...events).conversation.items).toEqual(logOf(...events).conversation.items);
});

test('a step gathers its output, files, checkpoint and end', () => {
  const event = createEvents();
  const log = logOf(
    event('tool_start', start('s')),
    event('attempt_started', { step_id: 's', execution: 1, epoch: 1 }),
    event('code_output', { step: 's', execution: 1, stream: 'stdout', offset: 0, text: 'a\n' }),
    event('code_output', { step: 's', execution: 1, stream: 'stderr', offset: 0, text: 'w\n' }),
    event('file_created', { path: 'eda/report.md', name: 'report.md', stage: 'eda', size: 9, step: 's' }),
    event('checkpoint', { step: 's', checkpoint: 'c', files: 3, bytes: 90 }),
    event('tool_end', { step: 's', tool: 'execute_code', ok: true, output: 'exit: ok', duration_ms: 1200 }),
  );
  expect(toolOf(log, 's')).toMatchObject({
    state: 'done',
    stdout: { text: 'a\n', cut: 0 },
    stderr: { text: 'w\n', cut: 0 },
    files: ['eda/report.md'],
    checkpoint: { id: 'c', files: 3, bytes: 90 },
    durationMs: 1200,
    result: 'exit: ok',
  });
});

test('a second attempt starts its output over, and late output of the first is dropped', () => {
  const event = createEvents();
  const output = (execution: number, text: string) =>
    event('code_output', { step: 's', execution, stream: 'stdout', offset: 0, text });
  const log = logOf(event('tool_start', start('s')), output(1, 'lost'), output(2, 'kept'), output(1, 'late'));
  expect(toolOf(log, 's')).toMatchObject({ execution: 2, stdout: { text: 'kept' } });
});

test('output is capped at whole lines and says how much was cut', () => {
  const event = createEvents();
  const log = logOf(event('tool_start', start('s')));
  const line = `${'x'.repeat(99)}\n`;
  for (let part = 0; part < 40; part++) {
    log.ingest(
      event('code_output', { step: 's', execution: 1, stream: 'stdout', offset: 0, text: line.repeat(100) }),
    );
  }
  const { stdout } = toolOf(log, 's');
  expect(stdout.text.length).toBeLessThanOrEqual(CAPTURED_CHARACTERS);
  expect(stdout.text.length + stdout.cut).toBe(400_000);
  expect(stdout.text.startsWith(line)).toBe(true);
});

test('a question is open until it is answered, here or elsewhere, and says by whom', () => {
  const event = createEvents();
  const log = logOf(
    event('question', { id: 'q', text: 'Which?', choices: ['a', 'b'] }),
    event('waiting', { reason: 'question', subject: 'q' }),
  );
  expect(log.conversation.openAsk).toMatchObject({ id: 'q', state: 'open', choices: ['a', 'b'] });
  expect(log.waiting).toMatchObject({ reason: 'question', subject: 'q' });
  log.setAnswer('q', { state: 'sending', answer: 'a', problem: null });
  const answers = { question: 'q', answer: { text: 'b' }, by: 'ann', at: '2026-01-01T00:00:00Z' };
  log.ingest(event('waiting', { reason: null, answers }));
  expect(log.conversation.openAsk).toBeNull();
  expect(log.waiting).toBeNull();
  // the first answer counts, whoever gave it
  expect(log.conversation.get('q')).toMatchObject({
    ...{ state: 'answered', answer: 'b', answeredBy: 'ann', answeredAt: '2026-01-01T00:00:00Z' },
  });
});

test('a cancelled stage closes what was open and running in it', () => {
  const event = createEvents();
  const log = logOf(
    event('tool_start', start('s')),
    event('approval', { id: 'p', action: 'Delete' }),
    event('state_change', { state: 'cancelled' }),
  );
  expect(toolOf(log, 's').state).toBe('failed');
  expect(log.conversation.get('p')).toMatchObject({ state: 'closed' });
});

test('stages count their time, turns and cost; a re-run marks later ones out of date', () => {
  const event = createEvents();
  const log = logOf(
    event('state_change', { state: 'eda_running' }, 1_000),
    event('usage', { turn: 1, tokens: 100, cost: 0.5 }),
    event('usage', { turn: 2, tokens: 50, cost: 0.25 }),
    event('state_change', { state: 'eda_done' }, 9_000),
  );
  expect(log.state).toBe('eda_done');
  expect(log.progress.eda).toMatchObject({
    state: 'done',
    startedAt: 1_000,
    endedAt: 9_000,
    turns: 2,
    tokens: 150,
    cost: 0.75,
  });
  log.ingest(event('stale', { stages: ['eda', 'train'] }));
  expect(log.progress.eda.stale).toBe(true);
  expect(log.progress.train.stale).toBe(false);
});

test('a message shows at once and gives way to the server’s, whichever answer comes first', () => {
  const event = createEvents();
  const log = new SessionLog();
  log.addPending('1', 'Hello');
  log.ingest(event('user_message', { message: 'm1', text: 'Hello' }));
  log.settlePending('1', { message: 'm1' });
  expect(log.pending).toEqual([]);
  log.addPending('2', 'Again');
  log.settlePending('2', { message: 'm2' });
  expect(log.pending).toMatchObject([{ message: 'm2' }]);
  log.ingest(event('user_message', { message: 'm2', text: 'Again' }));
  expect(log.pending).toEqual([]);
  log.addPending('3', 'No');
  log.settlePending('3', { problem: 'The session is cancelled.' });
  expect(log.pending).toMatchObject([{ text: 'No', problem: 'The session is cancelled.' }]);
});

test('listeners hear of a burst once, and late ones get the charts first', async () => {
  const event = createEvents();
  const log = new SessionLog();
  let changes = 0;
  log.onChange(() => {
    changes += 1;
  });
  const charts = event('chart_config', { charts: [] });
  log.ingest(charts);
  for (let each = 0; each < 100; each++) log.ingest(event('metrics_batch', { items: [] }));
  const heard: string[] = [];
  log.onEvent(({ type }) => heard.push(type));
  await Promise.resolve();
  expect(changes).toBe(1);
  expect(heard).toEqual(['chart_config']);
  expect(log.news.get('metrics')).toBe(101);
});

test('10,000 messages are taken in well under a second', () => {
  const event = createEvents();
  const log = new SessionLog();
  const started = performance.now();
  for (let each = 0; each < 10_000; each++)
    log.ingest(event('agent_message', { message: `m${each}`, text: 'x' }));
  expect(log.conversation.items).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('a decision on an approval reads as it was given', () => {
  const event = createEvents();
  const log = logOf(event('approval', { id: 'p', action: 'Delete' }));
  const answer = { approved: false, note: 'keep them' };
  log.ingest(event('waiting', { reason: null, answers: { question: 'p', answer, by: null, at: '' } }));
  expect(log.conversation.get('p')).toMatchObject({ state: 'answered', answer: 'Not approved: keep them' });
});

test('a file belongs to the script that its event names, whichever ran last', () => {
  const event = createEvents();
  const file = { path: 'eda/a.png', name: 'a.png', stage: 'eda' as const, size: 1 };
  const log = logOf(
    event('tool_start', start('first')),
    event('tool_start', start('second')),
    event('file_created', { ...file, step: 'first' }),
  );
  expect([toolOf(log, 'first').files, toolOf(log, 'second').files]).toEqual([['eda/a.png'], []]);
});

test('a fork stands where it was forked, and what is stopped in it later was stopped by a person', () => {
  const event = createEvents();
  const stopped = { reason: 'stopped' } as const;
  const log = logOf(
    event('state_change', { state: 'eda_running', forked_from: { session: 'a', step: 'b' } }),
    event('waiting', { ...stopped, forked: true }),
  );
  expect(log.waiting).toMatchObject({ reason: 'stopped', forked: true });
  log.ingest(event('waiting', { reason: null }));
  log.ingest(event('waiting', stopped));
  expect(log.waiting).toMatchObject({ reason: 'stopped', forked: false });
});

test('a follow-up is named as one, not as the stage that is done', () => {
  const event = createEvents();
  const log = logOf(
    event('state_change', { state: 'train_done', follow_up: { n: 1, change: 'opened' } }),
    event('state_change', { state: 'train_done', follow_up: { n: 1, change: 'done' } }),
  );
  expect(log.conversation.items.map((item) => 'text' in item && item.text)).toEqual([
    'Follow-up 1',
    'Follow-up 1 done',
  ]);
});

test('a wait for the provider is one wait, however often it is tried', () => {
  const event = createEvents();
  const since = '2026-01-01T00:00:00.000Z';
  const down = (tries: number, until: string) =>
    event('waiting', {
      ...{ reason: 'provider', subject: 'down', since, tries, until },
      ...{ said: '529 overloaded', message: 'It is tried again.' },
    });
  const log = logOf(down(1, '2026-01-01T00:00:01.000Z'), down(2, '2026-01-01T00:00:03.000Z'));
  expect(log.waiting).toEqual({
    ...{ reason: 'provider', subject: 'down', since, tries: 2, until: '2026-01-01T00:00:03.000Z' },
    ...{ said: '529 overloaded', message: 'It is tried again.', forked: false },
  });
  log.ingest(event('waiting', { reason: null }));
  expect(log.waiting).toBeNull();
});

test('that the conversation goes out shorter is told in it', () => {
  const event = createEvents();
  const message = 'The conversation no longer fits the model.';
  const log = logOf(event('context_shortened', { turn: 4, shortened: 2, summarised: 0, message }));
  expect(log.conversation.items).toMatchObject([{ kind: 'notice', tone: 'plain', text: message }]);
});

test('an error that the agent or the checks have told is not told again', () => {
  const errors = (...events: [string, Record<string, unknown>][]) => {
    const log = new SessionLog();
    events.forEach(([type, data], at) => {
      log.ingest(
        asEvent({ seq: at + 1, type, stage: 'eda', run: 1, data, created_at: '2026-01-01T00:00:00Z' }),
      );
    });
    return log.conversation.items.filter((item) => item.kind === 'notice').length;
  };
  const error: [string, Record<string, unknown>] = ['error', { code: 'X', message: 'There is no target.' }];
  expect(errors(error)).toBe(1);
  expect(errors(error, error)).toBe(1);
  expect(errors(['agent_message', { message: 'm', text: 'I stop: There is no target.' }], error)).toBe(0);
  const checks = { passed: [], warnings: [], errors: ['There is no target.'] };
  expect(errors(['validation_result', checks], error)).toBe(0);
});
