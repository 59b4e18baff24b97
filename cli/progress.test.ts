/** What a command line says while it follows: waits with their reason, the provider's words and the next try. */

import type { ReadEvent } from './event-reader.ts';
import { createProgress, describe as lineOf } from './progress.ts';
import { writtenTerminal } from './testing/written-terminal.ts';

const event = (type: string, data: Record<string, unknown>): ReadEvent => ({ seq: 1, type, data });

test.each<[string, Record<string, unknown>, string | null]>([
  ['state_change', { state: 'eda_running' }, '> eda running'],
  ['state_change', { state: 'failed', reason: 'no' }, '> failed: no'],
  ['agent_message', { message: 'm', text: 'one\ntwo' }, '  one'],
  ['tool_start', { step: 's', tool: 'execute_code', title: 'Fit', input: {} }, '  - Fit'],
  ['tool_end', { step: 's', tool: 'execute_code', ok: true, output: '', duration_ms: 1 }, null],
  ['waiting', { reason: 'quota', until: '12:00' }, '  ? waiting for the model provider’s quota until 12:00'],
  [
    'waiting',
    { reason: 'provider', subject: 'down', tries: 1, until: '12:00', message: '529: it is tried again.' },
    '  ? waiting for the model provider (down), next try 12:00: 529: it is tried again.',
  ],
  [
    'waiting',
    { reason: 'provider', subject: 'down', tries: 2, until: '12:02', message: '529: it is tried again.' },
    '  ? waiting for the model provider (down), next try 12:02',
  ],
  ['waiting', { reason: 'limit', subject: 'turns' }, '  ? waiting for a higher limit (turns)'],
  ['waiting', { reason: 'question', subject: 'q1' }, '  ? waiting for an answer'],
  ['waiting', { reason: null }, null],
  [
    'validation_result',
    { stage: 'eda', passed: ['p', 'q'], warnings: ['w'], errors: [] },
    '  + validation: 2 passed, 1 warning, 0 errors',
  ],
  ['code_output', { text: 'printed' }, null],
  ['agent_delta', { text: 'x' }, null],
  ['of_the_future', {}, null],
  ['state_change', { wrong: true }, null],
])('%s %j is %p', (type, data, expected) => {
  expect(lineOf(event(type, data))).toBe(expected);
});

test('without a terminal only whole plain lines are written', () => {
  const { terminal, written } = writtenTerminal();
  const progress = createProgress(terminal, { verbose: false });
  progress.show(event('tool_start', { step: 's', tool: 't', title: 'Fit\x1b[2J', input: {} }));
  progress.show(event('tool_end', { step: 's', tool: 't', ok: true, output: '', duration_ms: 1 }));
  progress.end();
  expect(written).toEqual({ out: '', err: '  - Fit\n' });
});
