import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from '@anthropic-ai/sdk';
import type { ErrorCode } from '../../core/errors.ts';
import { BrokenStream, toModelError } from './failure.ts';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const baseUrl = 'https://api.example';
const context = { model: 'claude-test', baseUrl, cancelled: false, now: () => NOW };

function answered(status: number, type: string, headers: Record<string, string> = {}): APIError {
  const body = { type: 'error', error: { type, message: 'no' } };
  return APIError.generate(status, body, undefined, new Headers({ 'request-id': 'req_1', ...headers }));
}

function inStream(type: string): APIError {
  const body = { type: 'error', error: { type, message: 'no' } };
  return new APIError(undefined, body, 'no', new Headers(), answered(400, type).type);
}

const TABLE: [what: string, error: unknown, code: ErrorCode][] = [
  ['400', answered(400, 'invalid_request_error'), 'MODEL_REQUEST'],
  ['401', answered(401, 'authentication_error'), 'MODEL_AUTHENTICATION'],
  ['402', answered(402, 'billing_error'), 'MODEL_AUTHENTICATION'],
  ['403', answered(403, 'permission_error'), 'MODEL_AUTHENTICATION'],
  ['404', answered(404, 'not_found_error'), 'MODEL_REQUEST'],
  ['408', answered(408, 'timeout_error'), 'MODEL_UNAVAILABLE'],
  ['409', answered(409, 'conflict_error'), 'MODEL_UNAVAILABLE'],
  ['413', answered(413, 'request_too_large'), 'MODEL_REQUEST'],
  ['422', answered(422, 'invalid_request_error'), 'MODEL_REQUEST'],
  ['429', answered(429, 'rate_limit_error'), 'MODEL_QUOTA'],
  ['499', answered(499, 'api_error'), 'MODEL_UNAVAILABLE'],
  ['500', answered(500, 'api_error'), 'MODEL_UNAVAILABLE'],
  ['502', answered(502, 'api_error'), 'MODEL_UNAVAILABLE'],
  ['503', answered(503, 'api_error'), 'MODEL_UNAVAILABLE'],
  ['504', answered(504, 'timeout_error'), 'MODEL_UNAVAILABLE'],
  ['529', answered(529, 'overloaded_error'), 'MODEL_UNAVAILABLE'],
  ['an error event overloaded_error', inStream('overloaded_error'), 'MODEL_UNAVAILABLE'],
  ['an error event api_error', inStream('api_error'), 'MODEL_UNAVAILABLE'],
  ['an error event rate_limit_error', inStream('rate_limit_error'), 'MODEL_QUOTA'],
  ['an error event invalid_request_error', inStream('invalid_request_error'), 'MODEL_REQUEST'],
  ['an error event of a new type', inStream('solar_flare_error'), 'MODEL_UNAVAILABLE'],
  ['no connection', new APIConnectionError({ message: 'refused' }), 'MODEL_UNAVAILABLE'],
  ['no answer in time', new APIConnectionTimeoutError(), 'MODEL_UNAVAILABLE'],
  ['an abort that was not ours', new APIUserAbortError(), 'MODEL_UNAVAILABLE'],
  ['a stream that ended early', new BrokenStream('ended'), 'MODEL_UNAVAILABLE'],
  ['a cut socket', new TypeError('terminated'), 'MODEL_UNAVAILABLE'],
  ['something thrown that is no error', 'odd', 'MODEL_UNAVAILABLE'],
];

test.each(TABLE)('%s has its code', (_what, error, code) => {
  expect(toModelError(error, context).code).toBe(code);
});

test.each(TABLE)('%s is CANCELLED when the caller cancelled', (_what, error) => {
  expect(toModelError(error, { ...context, cancelled: true }).code).toBe('CANCELLED');
});

test('silence is MODEL_UNAVAILABLE and says how long it was', () => {
  const error = toModelError(new APIUserAbortError(), { ...context, silentFor: 1500 });
  expect([error.code, error.message]).toEqual([
    'MODEL_UNAVAILABLE',
    expect.stringContaining('nothing came for 1.5 s'),
  ]);
});

test('what had been delivered is told, and makes a broken stream one that was answered', () => {
  const usage = { input: 10, output: 5, cacheRead: 0, cacheWrite: 0 };
  const delivered = { usage, cost: 0.1 };
  const cut = toModelError(new TypeError('terminated'), { ...context, delivered });
  expect(cut.details).toEqual({ cause: 'answer', said: 'terminated', delivered });
  expect(toModelError(new TypeError('terminated'), context).details).toEqual({
    cause: 'down',
    said: 'terminated',
  });
  expect(toModelError(inStream('overloaded_error'), { ...context, delivered }).details).toMatchObject({
    cause: 'down',
    delivered,
  });
});

test('no connection is told in the system’s words', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
  const lost = new APIConnectionError({
    message: 'Connection error.',
    cause: new TypeError('fetch failed', { cause: refused }),
  });
  expect(toModelError(lost, context).message).toContain(': connect ECONNREFUSED 127.0.0.1:1.');
});

test.each([
  ['30', 30],
  ['0.5', 0.5],
  [new Date(NOW + 90_000).toUTCString(), 90],
  [new Date(NOW - 90_000).toUTCString(), 0],
  ['soon', undefined],
])('retry-after %s', (header, seconds) => {
  const error = answered(429, 'rate_limit_error', { 'retry-after': header });
  expect(toModelError(error, context).retryAfter).toBe(seconds);
});

test('the error names the model, the status and the remedy, and keeps cause and request id', () => {
  const cause = answered(401, 'authentication_error');
  const error = toModelError(cause, context);
  expect(error.message).toBe(
    'Anthropic did not answer as claude-test (401 authentication_error: no). ' +
      'Set ANTHROPIC_API_KEY to a key that is valid and start the platform again. The stage goes on then.',
  );
  expect(error.details).toEqual({
    status: 401,
    type: 'authentication_error',
    request_id: 'req_1',
    said: '401 authentication_error: no',
    cause: 'key',
  });
  expect(error.cause).toBe(cause);
});
