import { EVENT_SCHEMAS, type NewEvent, parseEvent } from './events.ts';

/** The kinds of the contract, those of the agreed stream first, ours after. Deltas are never stored. */
const CONTRACT = [
  'state_change',
  'agent_message',
  'tool_start',
  'tool_end',
  'code_output',
  'file_created',
  'report_ready',
  'files_ready',
  'metrics_batch',
  'chart_config',
  'validation_result',
  's3_sync_complete',
  'agent_thinking',
  'user_message',
  'attempt_started',
  'waiting',
  'stale',
  'limit_reached',
  'usage',
  'tasks',
  'question',
  'approval',
  'checkpoint',
  // of a classification's stream
  'classification',
  'rich_log',
  'decisions',
  'context_shortened',
  'error',
];

test('the kinds of event are those of the contract', () => {
  expect(Object.keys(EVENT_SCHEMAS).sort()).toEqual([...CONTRACT].sort());
});

test('an event of the right form passes unchanged', () => {
  const event: NewEvent = {
    key: 's/1/metrics/0',
    type: 'metrics_batch',
    stage: 'train',
    run: 1,
    data: { items: [{ step: 1, name: 'loss', value: null, flag: 'NaN', stage: 'train', run_tag: '' }] },
  };
  expect(parseEvent(event)).toBe(event);
});

test.each([
  ['a state that is none', 'state_change', { state: 'paused' }],
  ['a missing text', 'agent_message', { message: 'm' }],
  [
    'a stream that is none',
    'code_output',
    { step: 's', execution: 1, stream: 'stdlog', offset: 0, text: '' },
  ],
  [
    'a value that is no number',
    'metrics_batch',
    { items: [{ step: 1, name: 'a', value: 'NaN', stage: 'eda', run_tag: '' }] },
  ],
  ['a reason that is none', 'waiting', { reason: 'tired' }],
  ['a stage that is none', 'stale', { stages: ['test'] }],
] as const)('%s is refused', (_what, type, data) => {
  expect(EVENT_SCHEMAS[type].safeParse(data).success).toBe(false);
});

test('the end of a wait is an event without a reason', () => {
  expect(EVENT_SCHEMAS.waiting.parse({ reason: null })).toEqual({ reason: null });
});
