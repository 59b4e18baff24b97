import { type TerminalLine, TerminalReader } from '../../../../core/terminal-text.ts';
import { textSpans } from './terminal-spans.ts';

function linesOf(output: string): TerminalLine[] {
  const lines: TerminalLine[] = [];
  const reader = new TerminalReader({ onLine: (line) => lines.push(line) });
  reader.write(output);
  return [...lines, ...reader.open];
}

test('plain output is one piece of text, its lines and spaces as they are', () => {
  expect(textSpans(linesOf('a\n\n  b\u001b[0m c\n'))).toEqual([{ text: 'a\n\n  b c\n', style: null }]);
  expect(textSpans([])).toEqual([]);
});

test('a style makes a piece of its own, which goes on over lines', () => {
  const spans = textSpans(linesOf('a \u001b[32mgreen\nstill\u001b[0m b'));
  expect(spans.map(({ text, style }) => [text, style?.color ?? null])).toEqual([
    ['a ', null],
    ['green\nstill', 2],
    [' b', null],
  ]);
});
