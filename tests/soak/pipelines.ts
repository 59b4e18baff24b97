/**
 * Pipelines that go while processes are killed. Each is asked for as a client does that knows of outages: with one key,
 * as often as it takes. What is checked at its end: invariants.ts, its reader, and that it came to the same as without.
 */

import { readFileSync } from 'node:fs';
import { expectNothingLeft, expectSound } from '../platform/invariants.ts';
import type { OwnPlatform } from '../platform/platform.ts';
import { readStream } from '../platform/stream.ts';
import { until } from '../platform/wait.ts';
import type { Begun } from './journal.ts';
import { type Outcome, readOutcome } from './outcome.ts';

const TABLE = 'examples/penguins.csv';
/** Seconds that a pipeline has: less than one minute undisturbed, much more where each restart is soon killed again. */
const PIPELINE_SECONDS = 3_600;
/** Seconds that looking at its end may take, with kills going on. */
const OUTAGE_SECONDS = 120;
const FOR_A_PERSON = ['question', 'approval', 'limit'];
const OVER = ['train_done', 'failed', 'cancelled'];

/** Uploads the table and starts a session in auto; known by its key, it is the same one whenever it is asked for. */
export async function beginPipeline(platform: OwnPlatform, { key, model }: Begun): Promise<string> {
  const ask = async (what: string, path: string, body: () => unknown): Promise<string> => {
    const { status, body: made } = await until(
      `${what} of ${key} is made`,
      async () => {
        const answer = await platform.rest.post<{ id: string }>(path, body(), {
          'idempotency-key': `${key}-${what}`,
        });
        // an outage comes to 5xx or to no answer
        return answer.status >= 500 || answer.status === 429 ? null : answer;
      },
      PIPELINE_SECONDS,
    );
    expect([status, made]).toEqual([201, made]);
    return made.id;
  };
  const experiment = await ask('experiment', '/api/experiments', () => {
    const form = new FormData();
    form.set('target', 'species');
    form.set('name', key);
    form.set('file', new Blob([readFileSync(TABLE)]), 'penguins.csv');
    return form;
  });
  return ask('session', `/api/experiments/${experiment}/sessions`, () => ({ mode: 'auto', model }));
}

/** Waits for the end and returns what it came to. @throws when it is not sound */
export async function endPipeline(
  platform: OwnPlatform,
  session: string,
  killed: () => number,
): Promise<Outcome> {
  const reader = readStream(platform.rest.url, session);
  try {
    const ended = await until(
      `session ${session} ends`,
      async () => {
        const { state, waiting } = await platform.rest.session(session);
        // nobody is there whom it could wait for
        if (waiting && FOR_A_PERSON.includes(waiting.reason)) return `waits: ${JSON.stringify(waiting)}`;
        return OVER.includes(state) ? state : null;
      },
      PIPELINE_SECONDS,
    );
    const events = await overOutages(() => platform.rest.events(session));
    expect([ended, events.filter(({ type }) => type === 'error')]).toEqual(['train_done', []]);
    await until('the reader has caught up', () => reader.events.length >= events.length);
    expect(reader.events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
    await overOutages(() => expectSound(platform, session, { inFlight: killed() }));
    await overOutages(() => expectNothingLeft(platform, session));
    return await overOutages(() => readOutcome(platform, session));
  } finally {
    reader.close();
  }
}

/** Looks again after a kill that came between; what was looked at and found wrong is told at once. */
function overOutages<T>(probe: () => Promise<T>): Promise<T> {
  let wrong: unknown = null;
  return until(
    'it can be looked at',
    async () => {
      try {
        return { seen: await probe() };
      } catch (error) {
        if (!isAssertion(error)) throw error;
        wrong = error;
        return { seen: null };
      }
    },
    OUTAGE_SECONDS,
  ).then(({ seen }) => {
    if (wrong !== null) throw wrong;
    return seen as T;
  });
}

/** jest's: an `expect` that did not hold. */
const isAssertion = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'matcherResult' in error;
