import { type ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { ERROR_CODES, isErrorCode, TemperaError } from '../core/errors.ts';
import { modelOptions, RECORDS, sandboxOptions } from '../workflows/contract/activity-options.ts';
import { toFailure, withFailures } from './failures.ts';

const failing = (error: unknown, attempt: number, most: number | null = 3) =>
  toFailure(error, { name: 'runTool', attempt, most }) as ApplicationFailure;

test.each([
  ['a refusal', new TemperaError('NOT_FOUND', 'gone'), 'NOT_FOUND', true],
  ['an outage', new TemperaError('DATABASE_UNAVAILABLE', 'away'), 'DATABASE_UNAVAILABLE', false],
  ['a sandbox that is away', new TemperaError('SANDBOX_UNAVAILABLE', 'away'), 'SANDBOX_UNAVAILABLE', false],
])('%s has its code and is %s', (_name, error, type, nonRetryable) => {
  for (const attempt of [1, 99]) expect(failing(error, attempt)).toMatchObject({ type, nonRetryable });
});

test('the retry of every code is the table’s, for activities as for the workflow’s options', () => {
  const byActivity = Object.keys(ERROR_CODES)
    .filter(isErrorCode)
    .filter((code) => code !== 'CANCELLED' && failing(new TemperaError(code, 'x'), 1).nonRetryable);
  const types = [modelOptions(10), sandboxOptions(10), RECORDS].map(
    ({ retry }) => retry?.nonRetryableErrorTypes,
  );
  for (const list of types) expect(list?.filter((code) => code !== 'CANCELLED')).toEqual(byActivity);
});

test('a lost connection that nobody translated is an outage', () => {
  const lost = new Error('read', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
  expect(toFailure(lost, { name: 'x', attempt: 99, most: 3 })).toBe(lost);
});

test('a bug is tried again with growing pauses, then fails by name', () => {
  const bug = new TypeError('x is undefined');
  expect([1, 2].map((attempt) => failing(bug, attempt).nextRetryDelay)).toEqual([200, 400]);
  expect(failing(bug, 2)).toMatchObject({ type: 'INTERNAL', nonRetryable: false });
  expect(failing(bug, 3)).toMatchObject({
    type: 'INTERNAL',
    nonRetryable: true,
    message: 'Something in the platform failed 3 times in runTool: TypeError: x is undefined',
  });
  expect(failing(new TemperaError('INTERNAL', 'the tool crashed'), 3).nonRetryable).toBe(true);
  expect(failing(bug, 99, null)).toMatchObject({ nonRetryable: false, nextRetryDelay: 60_000 });
});

test('a cancellation is none', () => {
  expect(
    toFailure(new TemperaError('CANCELLED', 'by a person'), { name: 'x', attempt: 9, most: 3 }),
  ).toBeInstanceOf(CancelledFailure);
});

test('what ends a stage is tried without end', async () => {
  const bug = async () => {
    throw new Error('no');
  };
  const activities = withFailures(
    { runTool: bug, failStage: bug },
    {
      bugAttempts: 1,
      endless: ['failStage'],
      attempt: () => 5,
    },
  );
  await expect(activities.runTool()).rejects.toMatchObject({ nonRetryable: true });
  await expect(activities.failStage()).rejects.toMatchObject({ nonRetryable: false });
});
