/**
 * A worker that ends takes nothing from what its activities have done: only a cancel that people asked for makes a step
 * a cancelled one.
 */

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { cancelRequests } from './cancellation.ts';
import { uploadEnd } from './upload-end.ts';

const asked = new ActivityCancellationDetails({ cancelRequested: true });
const ending = new ActivityCancellationDetails({ workerShutdown: true });

/** What `work` says in an activity whose signal was aborted for the reason in `details`. */
async function inAborted<T>(details: ActivityCancellationDetails, work: () => T): Promise<T> {
  const environment = new MockActivityEnvironment();
  environment.cancel(details.workerShutdown ? 'WORKER_SHUTDOWN' : 'CANCELLED', details);
  return await environment.run(() => Promise.resolve(work()));
}

describe('a step is cancelled by people, not by the end of its worker', () => {
  test.each([
    ['people', asked, true],
    ['the end of its worker', ending, false],
  ])('%s', async (_who, details, expected) => {
    const asked = await inAborted(details, cancelRequests);
    // also outside of the activity, where the signal's listeners run
    expect(asked()).toBe(expected);
  });

  test('an upload goes on for a while after a cancel, and ends at once with its worker, as no cancel', async () => {
    const aborted = AbortSignal.abort();
    const seen = (details: ActivityCancellationDetails) =>
      inAborted(details, () => {
        const end = uploadEnd(aborted, 60_000);
        const { signal } = end;
        const found = { ended: signal.aborted, cancelled: end.isCancelled() };
        end.dispose();
        return found;
      });
    expect(await seen(asked)).toEqual({ ended: false, cancelled: false });
    expect(await seen(ending)).toEqual({ ended: true, cancelled: false });
  });

  test('an upload that is under way hears of both, each in its way', async () => {
    const heard = async (details: ActivityCancellationDetails) => {
      const environment = new MockActivityEnvironment();
      const running = environment.run(async () => {
        const { cancellationSignal } = Context.current();
        const end = uploadEnd(cancellationSignal, 60_000);
        await once(cancellationSignal, 'abort');
        end.dispose();
        return end.signal.aborted;
      });
      // from outside of the activity, as its worker does
      await nextTurn();
      environment.cancel(details.workerShutdown ? 'WORKER_SHUTDOWN' : 'CANCELLED', details);
      return await running;
    };
    expect(await heard(asked)).toBe(false);
    expect(await heard(ending)).toBe(true);
  });

  test('no activity takes its aborted signal for a cancel', () => {
    const sources = readdirSync('activities').filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    const guesses = sources.filter((name) =>
      /cancelled = \w*[sS]ignal\.aborted/.test(readFileSync(join('activities', name), 'utf8')),
    );
    expect(sources.length).toBeGreaterThan(20);
    expect(guesses).toEqual([]);
  });
});
