import type { NewEvent } from './events.ts';
import { newId } from './ids.ts';
import { signedHeaders } from './webhook-signature.ts';
import { MOST_ATTEMPTS, messageOf, pauseAfter } from './webhooks.ts';

const SESSION = newId();
/** The one cast: an event of any form, as it stands in a row. */
const message = (event: object) => messageOf(`session/${SESSION}`, { key: 'k', ...event } as NewEvent);
const waiting = (data: object) => message({ type: 'waiting', stage: 'eda', run: 1, data })?.type ?? null;
const state = (data: object) => message({ type: 'state_change', data })?.type ?? null;

test('a wait is told of where a person ends it', () => {
  expect(waiting({ reason: 'question', subject: newId() })).toBe('session.waiting');
  expect(waiting({ reason: 'limit', subject: 'cost' })).toBe('session.waiting');
  expect(waiting({ reason: 'provider', subject: 'key' })).toBe('session.waiting');
  for (const data of [{ reason: null }, { reason: 'slot' }, { reason: 'provider', subject: 'down' }])
    expect(waiting(data)).toBeNull();
  expect(waiting({ reason: 'question', subject: newId(), forked: true })).toBeNull();
});

test('an end is told of once: not a stage’s, a follow-up’s or a fork’s beginning', () => {
  expect(state({ state: 'train_done' })).toBe('session.done');
  expect(state({ state: 'failed', reason: 'x' })).toBe('session.failed');
  expect(state({ state: 'eda_done' })).toBeNull();
  expect(state({ state: 'cancelled' })).toBeNull();
  expect(state({ state: 'train_done', follow_up: { n: 1, change: 'done' } })).toBeNull();
  expect(state({ state: 'failed', forked_from: { session: newId(), step: newId() } })).toBeNull();
});

test('a message names its subject and place, and holds no text of a model', () => {
  const data = { reason: 'approval', subject: newId(), message: 'words' };
  expect(message({ type: 'waiting', stage: 'prep', run: 2, data })).toEqual({
    type: 'session.waiting',
    data: { session_id: SESSION, stage: 'prep', run: 2, reason: 'approval', subject: data.subject },
  });
});

test('pauses grow up to a day, and end after about three', () => {
  const pauses = Array.from({ length: MOST_ATTEMPTS }, (_, at) => pauseAfter(at + 1));
  expect(pauses.at(-1)).toBeNull();
  const seconds = pauses.slice(0, -1).map(Number);
  expect(seconds).toEqual([...seconds].sort((one, other) => one - other));
  expect([seconds[0], seconds.at(-1)]).toEqual([5, 86_400]);
  const sum = seconds.reduce((total, each) => total + each, 0);
  expect(sum / 86_400).toBeGreaterThan(2);
  expect(sum / 86_400).toBeLessThan(5);
});

test('a message is signed as the scheme’s own example is', () => {
  const headers = signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    body: '{"test": 2432232314}',
  });
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});
