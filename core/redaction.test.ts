/** Secrets and large values are redacted, by name and by form, for the audit and for every log. */

import fc from 'fast-check';
import { logLine, redacted, redactedText } from './redaction.ts';

test.each([
  ['postgres://ada:lovelace@host/db is down', 'postgres://[redacted]@host/db is down'],
  ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer [redacted]'],
  ['the key sk-ant-api03-abcdefgh was refused', 'the key [redacted] was refused'],
  ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- after', '[redacted] after'],
  ['what asks-a-question is no key', 'what asks-a-question is no key'],
])('in %j the secret is taken out', (text, expected) => {
  expect(redactedText(text)).toBe(expected);
});

test('what stands under the name of a secret is taken out at any depth; counts of tokens are none', () => {
  const value = {
    name: 'sales',
    credentials: { user: 'ada', password: 'x' },
    limits: { tokens: 5, max_tokens: 6, api_key: 'k', token: 't' },
    headers: [{ Authorization: 'x', 'x-api-key': 'y', Cookie: 'z', accept: '*/*' }],
    password: null,
  };
  expect(redacted(value)).toEqual({
    name: 'sales',
    credentials: '[redacted]',
    limits: { tokens: 5, max_tokens: 6, api_key: '[redacted]', token: '[redacted]' },
    headers: [
      { Authorization: '[redacted]', 'x-api-key': '[redacted]', Cookie: '[redacted]', accept: '*/*' },
    ],
    password: null,
  });
});

test('large values are cut and say how large they were', () => {
  expect(redacted('x'.repeat(5_000))).toBe(`${'x'.repeat(200)}… (5000 characters)`);
  expect(redacted(Array.from({ length: 30 }, (_, place) => place))).toHaveLength(21);
  expect(redacted({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({ a: { b: { c: { d: '[…]' } } } });
  expect(redacted(Buffer.alloc(12))).toBe('[12 bytes]');
  expect(redacted({ body: new Map() })).toEqual({ body: '[Map]' });
});

test('whatever is logged is one line of JSON, bounded, and without the password', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 5 }), fc.stringMatching(/^[a-z0-9]{12}$/), (value, secret) => {
      const line = logLine({ ...value, nested: { password: secret, url: `postgres://u:${secret}@h/d` } });
      expect(JSON.parse(line)).toMatchObject({ nested: { url: 'postgres://[redacted]@h/d' } });
      expect(line).not.toMatch(/\n/);
      expect(line.includes(`"${secret}"`)).toBe(JSON.stringify(value).includes(`"${secret}"`));
    }),
    { numRuns: 100 },
  );
});

test('an error is told with its message, its cause and without its secrets', () => {
  const error = new Error('connect postgres://u:pw@h/d', { cause: new Error('sk-ant-abcdefgh') });
  expect(redacted(error)).toMatchObject({
    type: 'Error',
    message: 'connect postgres://[redacted]@h/d',
    cause: { message: '[redacted]' },
  });
});
