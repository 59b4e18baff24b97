import { ERROR_CODES, type ErrorCode, TemperaError } from '../../core/errors.ts';
import { problemHeaders, toProblem, toTemperaError } from './problem.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

test.each(codes)('%s becomes a problem document with its status', (code) => {
  const error = new TemperaError(code, 'what went wrong', { details: { field: 'x' } });
  const problem = toProblem(error, '/api/x');
  const { http, title } = ERROR_CODES[code];
  expect(problem).toEqual({
    type: `urn:tempera:error:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: http,
    code,
    // what a caller's own query came to is for the caller to read
    detail: http >= 500 && code !== 'QUERY_TIMEOUT' ? title : 'what went wrong',
    instance: '/api/x',
    details: { field: 'x' },
  });
  expect('retry-after' in problemHeaders(error)).toBe(http === 503);
});

test('an unexpected error says nothing of itself', () => {
  const error = toTemperaError(new Error('password=secret at 10.0.0.1'));
  expect(JSON.stringify(toProblem(error, '/'))).not.toContain('secret');
  expect(error.code).toBe('INTERNAL');
});

test.each([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_TYPE'],
  ['FST_ERR_BAD_URL', 'INVALID_PATH'],
])("the framework's %s is %s", (code, expected) => {
  expect(toTemperaError(Object.assign(new Error('x'), { code })).code).toBe(expected);
});

test('any other refusal of the framework is invalid input', () => {
  expect(toTemperaError(Object.assign(new Error('bad JSON'), { statusCode: 400 })).code).toBe(
    'INVALID_INPUT',
  );
});

test('a given pause wins over the usual one', () => {
  const error = new TemperaError('WORKFLOW_UNAVAILABLE', 'x', { retryAfter: 4.2 });
  expect(problemHeaders(error)['retry-after']).toBe('5');
});
