import { WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { toCommandError } from './temporal-errors.ts';

const refused = (type: string) =>
  new WorkflowUpdateFailedError(
    'failed',
    ApplicationFailure.create({ type, message: 'needs eda', details: [{ stage: 'eda' }] }),
  );

const rpc = (code: number, message: string) =>
  Object.assign(new Error(message), { code, details: message, metadata: {} });

test('what the workflow refused with arrives as it was there', () => {
  const error = toCommandError(refused('STAGE_NOT_READY'), 'k');
  expect([error.code, error.message, error.details]).toEqual([
    'STAGE_NOT_READY',
    'needs eda',
    { stage: 'eda' },
  ]);
});

test('a failure of another type is ours, and says nothing', () => {
  expect(toCommandError(refused('TypeError'), 'k').code).toBe('INTERNAL');
});

test.each([
  ['a deadline', rpc(4, 'deadline exceeded'), 'TIMEOUT'],
  ['a connection lost after sending', rpc(14, 'Connection dropped'), 'TIMEOUT'],
  [
    'a refused connection',
    rpc(14, 'No connection established. Last error: ECONNREFUSED'),
    'WORKFLOW_UNAVAILABLE',
  ],
  ['a worker that failed', rpc(9, 'unexpected workflow task failure'), 'TIMEOUT'],
  ['an overloaded server', rpc(8, 'exhausted'), 'WORKFLOW_UNAVAILABLE'],
  ['a timed-out update', new WorkflowUpdateRPCTimeoutOrCancelledError('x'), 'TIMEOUT'],
  ['anything else', new Error('x'), 'INTERNAL'],
])('%s is %p', (_name, thrown, code) => {
  expect(toCommandError(thrown, 'k').code).toBe(code);
});

test('a timeout names the key that returns the result', () => {
  expect(toCommandError(rpc(4, 'x'), 'the-key').details).toEqual({ idempotency_key: 'the-key' });
});
