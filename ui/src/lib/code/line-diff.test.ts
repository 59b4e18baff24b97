import { lineDiff } from './line-diff.ts';

test('a changed line is one removed and one added, with its neighbours', () => {
  const { lines, added, removed } = lineDiff('a\nb\nc\n', 'a\nB\nc\n');
  expect([added, removed]).toEqual([1, 1]);
  expect(lines.map(({ kind, text, before, after }) => [kind, text, before, after])).toEqual([
    ['same', 'a', 1, 1],
    ['removed', 'b', 2, null],
    ['added', 'B', null, 2],
    ['same', 'c', 3, 3],
  ]);
});

test('what is far from a change is folded', () => {
  const long = Array.from({ length: 40 }, (_, line) => `line ${line}`);
  const kinds = lineDiff(long.join('\n'), [...long, 'end'].join('\n')).lines.map(({ kind }) => kind);
  expect(kinds[0]).toBe('folded');
  expect(kinds.filter((kind) => kind === 'folded')).toHaveLength(1);
});

test('equal scripts differ in nothing', () => {
  expect(lineDiff('a\n', 'a\n')).toMatchObject({ added: 0, removed: 0 });
});
