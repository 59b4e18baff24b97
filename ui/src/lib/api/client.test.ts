import { onUnauthenticated, toApiError, waitOf } from './client.ts';

const headers = (values: Record<string, string>) => (name: string) => values[name] ?? null;

test('a problem document becomes an error with its code, sentence and request id', () => {
  const text = JSON.stringify({ code: 'CONFLICT', detail: 'Prep is missing.', details: { stage: 'prep' } });
  const error = toApiError(409, text, headers({ 'x-request-id': 'r1', 'retry-after': '2' }));
  expect({ ...error, message: error.message }).toMatchObject({
    code: 'CONFLICT',
    message: 'Prep is missing.',
    status: 409,
    requestId: 'r1',
    details: { stage: 'prep' },
    retryAfter: 2,
  });
});

test.each(['', '<html>Bad gateway</html>', '[]', '"text"'])(
  'an answer of a proxy (%p) keeps its status',
  (text) => {
    const error = toApiError(502, text, headers({}));
    expect([error.code, error.message, error.requestId, error.retryAfter]).toEqual([
      'HTTP_502',
      'The server answered with status 502.',
      null,
      null,
    ]);
  },
);

test('whoever listens for a 401 hears of it, and of no other refusal', () => {
  const heard: number[] = [];
  const stop = onUnauthenticated(() => heard.push(401));
  for (const status of [400, 401, 403]) toApiError(status, '', headers({}));
  stop();
  toApiError(401, '', headers({}));
  expect(heard).toEqual([401]);
});

test('after a 429 one waits for as long as Retry-After names', () => {
  const after = (status: number, seconds: Record<string, string>) =>
    waitOf(toApiError(status, '', headers(seconds)));
  expect(after(429, { 'retry-after': '7' })).toBe(7_000);
  expect([after(429, {}), after(503, { 'retry-after': '7' }), waitOf(new Error('x'))]).toEqual([
    ...[null, null, null],
  ]);
});
