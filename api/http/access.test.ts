/** Host and Origin of a request are checked: what grants nothing, and what a refusal says. */

import { assertAccess } from './access.ts';

const rules = { hosts: ['tempera.test'], origins: ['http://localhost:5173'] };

test.each([
  [{ host: '127.0.0.1:7400' }],
  [{ host: 'localhost' }],
  [{ host: '[::1]:7400' }],
  [{ host: 'tempera.test' }],
  [{ host: '127.0.0.1:7400', origin: 'http://127.0.0.1:7400' }],
  [{ host: '127.0.0.1:7400', origin: 'http://localhost:5173' }],
  [{ host: 'localhost:7400', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
])('%j may pass', (headers) => {
  expect(() => assertAccess(headers, rules)).not.toThrow();
});

test.each([
  [{}],
  [{ host: '' }],
  [{ host: 'evil.example' }],
  [{ host: '127.0.0.1.evil.example' }],
  [{ host: 'localhost.evil.example:7400' }],
  [{ host: '10.0.0.1:7400' }],
])('%j names another host', (headers) => {
  expect(() => assertAccess(headers, rules)).toThrow(expect.objectContaining({ code: 'WRONG_HOST' }));
});

test.each([
  [{ host: '127.0.0.1:7400', origin: 'http://evil.example' }],
  [{ host: '127.0.0.1:7400', origin: 'null' }],
  [{ host: '127.0.0.1:7400', origin: 'http://127.0.0.1:9' }],
  [{ host: '127.0.0.1:7400', origin: '' }],
  [{ host: '127.0.0.1:7400', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
])('%j comes from another page', (headers) => {
  expect(() => assertAccess(headers, rules)).toThrow(expect.objectContaining({ code: 'WRONG_ORIGIN' }));
});

test('two Host headers are refused, even of the same name', () => {
  const host = '127.0.0.1:7400';
  for (const raw of [
    ['Host', host, 'Accept', '*/*', 'host', 'evil.example'],
    ['HOST', host, 'Host', host],
  ])
    expect(() => assertAccess({ host }, rules, raw)).toThrow(expect.objectContaining({ code: 'WRONG_HOST' }));
  expect(() => assertAccess({ host }, rules, ['Host', host, 'X-Note', 'host'])).not.toThrow();
});

test('a refusal names what is served with its port, and the setting that lets a page in', () => {
  const served = { ...rules, servedPort: 7400 };
  expect(() => assertAccess({ host: 'evil.example' }, served)).toThrow(
    /http:\/\/127\.0\.0\.1:7400 .*http:\/\/tempera\.test:7400/,
  );
  const page = { host: '127.0.0.1:7400', origin: 'http://evil.example' };
  expect(() => assertAccess(page, served)).toThrow(/TEMPERA_ORIGINS/);
});
