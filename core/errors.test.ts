import { codesRetried, ERROR_CODES, type ErrorCode, isErrorCode, TemperaError } from './errors.ts';

const codes = Object.keys(ERROR_CODES).filter(isErrorCode);

test('every code is written in capitals and its kind is one of HTTP, gRPC and people', () => {
  for (const code of codes) {
    const { http, grpc, title } = ERROR_CODES[code];
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect([Math.floor(http / 100), grpc >= 1 && grpc <= 16, title.endsWith('.')]).toEqual([
      http < 500 ? 4 : 5,
      true,
      true,
    ]);
  }
});

test('what is tried again, and by whom', () => {
  const endlessly: ErrorCode[] = [
    'SLOW_READER',
    'SUPERSEDED',
    'SANDBOX_UNAVAILABLE',
    'SANDBOX_TIMEOUT',
    'STORAGE_UNAVAILABLE',
    'DATABASE_UNAVAILABLE',
    'WORKFLOW_UNAVAILABLE',
    'TIMEOUT',
  ];
  expect(codesRetried('endlessly')).toEqual(endlessly);
  expect(codesRetried('some times')).toEqual(['INTERNAL']);
  expect(codesRetried('by workflow')).toEqual(['MODEL_UNAVAILABLE', 'MODEL_QUOTA']);
  const all = codesRetried('never', 'endlessly', 'some times', 'by workflow');
  expect(all).toEqual(codes);
});

test.each(['', 'toString', 'not_found', '__proto__'])('%j is no code', (value) => {
  expect(isErrorCode(value)).toBe(false);
});

test('an error keeps its cause, its details and when to come back', () => {
  const cause = new Error('below');
  const error = new TemperaError('MODEL_QUOTA', 'Wait.', { cause, details: { status: 429 }, retryAfter: 7 });
  expect(error).toMatchObject({
    name: 'TemperaError',
    message: 'Wait.',
    cause,
    details: { status: 429 },
    retryAfter: 7,
  });
  expect(error.kind).toBe(ERROR_CODES.MODEL_QUOTA);
  expect(new TemperaError('NOT_FOUND', 'Gone.')).toMatchObject({ details: {}, retryAfter: undefined });
});
