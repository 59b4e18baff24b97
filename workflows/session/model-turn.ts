/**
 * A turn's model call, and the wait for a provider that does not answer. The wait is durable and in sight of everybody:
 * each failed try writes why, since when and when the next one is made, and only an answer (or the stage's end)
 * ends it,
 * so that it reads as one wait however often it was tried. What only a person mends is tried again as well, at growing
 * pauses, and at once with resume; only a turn whose answers were lost too often is not asked for again by itself.
 */

import { ActivityFailure, ApplicationFailure, condition, patched, sleep } from '@temporalio/workflow';
import { DEFAULT_PAUSES, pauseAfter } from '../../core/provider-wait.ts';
import { PROVIDER_CAUSES, type ProviderCause, type Waiting } from '../../core/session-state.ts';
import type { TurnKey } from '../contract/activities.ts';
import { mustContinue } from './session-context.ts';
import { note, type StageContext } from './stage-context.ts';
import { changeWaiting } from './waiting.ts';

/** Why a call failed that a wait may mend. */
export interface ProviderFailure {
  cause: ProviderCause;
  said: string;
  message: string;
  retryAfter: number | undefined;
  /** What the session has spent, where an answer was lost. */
  spent: { tokens: number; cost: number } | null;
}

/** @returns why there is no answer, when the provider is to be waited for */
export async function callModel(context: StageContext, key: TurnKey): Promise<ProviderFailure | null> {
  for (;;) {
    try {
      const answer = await context.remote.callModel(key);
      const { view } = context.session;
      // the call has ended the wait in the rows, with its answer
      if (isForProvider(view.waiting)) view.waiting = null;
      context.loop.modelAnswered(answer);
      const called = answer.calls.map((call) => call.name).join(', ');
      note(context, `turn ${key.turn}: the model called ${called || 'nothing'}`);
      context.show();
      return null;
    } catch (error) {
      const failure = providerFailure(error);
      if (failure === null) throw error;
      if (patched('2026-11-provider-wait')) return failure;
      if (failure.cause !== 'quota') throw error;
      await waitForQuota(context, failure);
    }
  }
}

/**
 * Waits before the next try. @param seen the wakeups when the try began: what came during it is not waited for
 * again
 */
export async function waitForProvider(
  context: StageContext,
  failure: ProviderFailure,
  seen: number,
): Promise<void> {
  const { session, loaded, loop } = context;
  const { view } = session;
  if (failure.spent) loop.spent(failure.spent);
  const before = isForProvider(view.waiting) ? view.waiting : null;
  const tries = (before?.tries ?? 0) + 1;
  const { retryAfter, cause, said, message } = failure;
  const input = { tries, retryAfter, random: Math.random() };
  const milliseconds = Math.ceil(pauseAfter(input, loaded.providerPauses ?? DEFAULT_PAUSES) * 1000);
  const now = Date.now();
  const waiting: Waiting = {
    reason: cause === 'quota' ? 'quota' : 'provider',
    subject: cause,
    since: before?.since ?? new Date(now).toISOString(),
    tries,
    said,
    message,
    ...(cause === 'repeated' ? {} : { until: new Date(now + milliseconds).toISOString() }),
  };
  await changeWaiting(context, waiting);
  const over = () => view.wakeups > seen || view.stopAfterStep || mustContinue(loaded);
  if (cause === 'repeated') await condition(over);
  else await condition(over, milliseconds);
  // whoever resumes has mended something: the pauses begin anew
  if (view.wakeups > seen && view.waiting) view.waiting = { ...view.waiting, tries: 0 };
}

const isForProvider = (waiting: Waiting | null): boolean =>
  waiting?.reason === 'provider' || waiting?.reason === 'quota';

function providerFailure(error: unknown): ProviderFailure | null {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  if (!(cause instanceof ApplicationFailure)) return null;
  const details: Record<string, unknown> = Object(cause.details?.[0]);
  const known = PROVIDER_CAUSES.find((each) => each === details.cause) ?? CAUSES[cause.type ?? ''];
  if (known === undefined) return null;
  const after = Number(details.retryAfter);
  return {
    cause: known,
    said: typeof details.said === 'string' ? details.said : cause.message,
    message: cause.message,
    retryAfter: details.retryAfter === undefined || !Number.isFinite(after) ? undefined : Math.max(0, after),
    spent: spentOf(details),
  };
}

function spentOf({ spent }: Record<string, unknown>): ProviderFailure['spent'] {
  const { tokens, cost }: Record<string, unknown> = Object(spent);
  return typeof tokens === 'number' && typeof cost === 'number' ? { tokens, cost } : null;
}

/** Of a failure that does not say it. */
const CAUSES: Readonly<Record<string, ProviderCause>> = { MODEL_QUOTA: 'quota', MODEL_UNAVAILABLE: 'down' };

/** As it was waited for before `2026-11-provider-wait`. */
async function waitForQuota(context: StageContext, { retryAfter = 60 }: ProviderFailure): Promise<void> {
  const seconds = Math.max(1, retryAfter);
  const until = new Date(Date.now() + seconds * 1000).toISOString();
  await changeWaiting(context, { reason: 'quota', until });
  await sleep(seconds * 1000);
  await changeWaiting(context, null);
}
