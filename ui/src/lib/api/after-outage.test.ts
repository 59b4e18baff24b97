import { afterOutage } from './after-outage.ts';
import { ApiError } from './client.ts';

const problem = (status: number) =>
  new ApiError({
    code: 'X',
    message: `status ${status}`,
    status,
    requestId: null,
    details: {},
    retryAfter: null,
  });

/** A platform that gives the answers in turn; after a try without one it is back `when` the test says. */
function createPlatform(answers: (string | Error)[], when: 'at once' | 'never' = 'at once') {
  const listeners = new Set<() => void>();
  const controller = new AbortController();
  const log: string[] = [];
  const attempt = async (): Promise<string> => {
    const answer = answers.shift() ?? 'none';
    log.push('sent');
    if (!(answer instanceof Error)) return answer;
    if (when === 'at once') for (const listener of [...listeners]) listener();
    throw answer;
  };
  const restored = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const result = afterOutage(attempt, {
    signal: controller.signal,
    onwait: () => log.push('waits'),
    restored,
  });
  return { result, log, controller, listeners };
}

test('a command given while nothing answers is carried out when the platform is back', async () => {
  const { result, log, listeners } = createPlatform([problem(0), problem(503), 'done']);
  await expect(result).resolves.toBe('done');
  expect(log).toEqual(['sent', 'waits', 'sent', 'sent']);
  expect(listeners.size).toBe(0);
});

test('the server has the last word: a refusal is not tried again', async () => {
  const { result, log } = createPlatform([problem(409)]);
  await expect(result).rejects.toThrow('status 409');
  expect(log).toEqual(['sent']);
});

test('it is given up when the page is left', async () => {
  const { result, controller } = createPlatform([problem(0)], 'never');
  controller.abort();
  await expect(result).rejects.toThrow('status 0');
});
