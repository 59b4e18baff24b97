import { resolveFigure } from './resolve-figure.ts';

const base = { sessionId: 's-1', folder: 'eda' };
const files = '/api/sessions/s-1/files';

test.each([
  ['figures/a.png', `${files}/eda/figures/a.png`],
  ['./figures/a.png', `${files}/eda/figures/a.png`],
  ['eda/figures/a.png', `${files}/eda/figures/a.png`],
  ['../train/figures/a.png', `${files}/train/figures/a.png`],
  ['/data/sessions/s-1/eda/figures/a.png', `${files}/eda/figures/a.png`],
  ['figures/a%20b.png', `${files}/eda/figures/a%20b.png`],
  ['figures/a?x=1#y', `${files}/eda/figures/a`],
  ['figures/"><script>.png', `${files}/eda/figures/%22%3E%3Cscript%3E.png`],
  ['figures/100%.png', `${files}/eda/figures/100%25.png`],
])('%s is a file of the session', (name, url) => {
  expect(resolveFigure(name, base)).toBe(url);
});

test.each([
  'https://example.com/a.png',
  '//example.com/a.png',
  '/\\example.com/a.png',
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:image/png;base64,AAAA',
  'file:///etc/passwd',
  '/etc/passwd',
  '../../other/a.png',
  '%2e%2e/%2e%2e/a.png',
  '..',
  '',
  '/api/sessions/other/files/a.png',
])('%j leads nowhere', (name) => {
  expect(resolveFigure(name, base)).toBeNull();
});

test('without a session nothing resolves', () => {
  expect(resolveFigure('a.png', {})).toBeNull();
});
