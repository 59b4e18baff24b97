import { createOutput, type Format, printable, tableOf } from './output.ts';
import { writtenTerminal } from './testing/written-terminal.ts';

test.each<[Format, string]>([
  ['table', 'a  1\n'],
  ['json', '{"ok":true,"data":{"a":1}}\n'],
  ['yaml', 'ok: true\ndata:\n  a: 1\n'],
])('a result as %s', (format, expected) => {
  const { terminal, written } = writtenTerminal();
  createOutput(terminal, format).result({ a: 1 });
  expect(written).toEqual({ out: expected, err: '' });
});

test('a failure is a sentence for people and a document for programs', () => {
  const failure = { code: 'NOT_FOUND', message: 'There is no session x.', details: {} };
  const people = writtenTerminal();
  createOutput(people.terminal, 'table').failure(failure);
  expect(people.written).toEqual({ out: '', err: 'tempera: There is no session x.\n' });
  const programs = writtenTerminal();
  createOutput(programs.terminal, 'json').failure(failure);
  expect(JSON.parse(programs.written.out)).toEqual({ ok: false, error: failure });
});

test('rows are aligned, and long cells clipped', () => {
  expect(
    tableOf(
      [
        { id: 'a', n: 1 },
        { id: 'bcd', n: null },
      ],
      80,
    ),
  ).toBe('id   n\na    1\nbcd\n');
  expect(tableOf([], 80)).toBe('(none)\n');
  expect(tableOf([{ text: 'x'.repeat(300), n: 1 }], 40)).toContain('...');
  expect(tableOf([{ text: 'x'.repeat(300), n: 1 }], Number.POSITIVE_INFINITY)).not.toContain('...');
  const remedy = `Set it. ${'x'.repeat(300)}`;
  expect(tableOf([{ about: 'a', remedy }], 40)).toContain(remedy);
});

test('what would move the cursor is taken out', () => {
  expect(printable('a\x1b[2Jb\x07c\x1b]0;title\x07d\r\n\te\x9b31m')).toBe('abc]0;titled\n\te31m');
});
