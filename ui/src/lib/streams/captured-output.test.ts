import { CAPTURED_CHARACTERS, CapturedOutput } from './captured-output.ts';

function captured(...pieces: string[]) {
  const output = new CapturedOutput();
  for (const piece of pieces) output.write(piece);
  return output.captured;
}

test('a progress bar is one line, whatever pieces its frames come in', () => {
  const frames = Array.from({ length: 1_000 }, (_, at) => `\r${at + 1}/1000`).join('');
  const pieces = frames.match(/[\s\S]{1,7}/g) ?? [];
  expect(captured('start\n', ...pieces, '\n')).toMatchObject({ text: 'start\n1000/1000\n', cut: 0 });
});

test('colours stay with their text', () => {
  const { lines, text } = captured('\u001b[3', '1mred\u001b[0m plain');
  expect(text).toBe('red plain');
  expect(lines[0]?.map((span) => [span.text, span.style.color])).toEqual([
    ['red', 1],
    [' plain', null],
  ]);
});

test('what is kept is bounded: the last lines, and of a line without end its end', () => {
  const many = captured(...Array.from({ length: 3_000 }, (_, at) => `line ${at} ${'x'.repeat(60)}\n`));
  expect(many.text.length).toBeLessThanOrEqual(CAPTURED_CHARACTERS);
  expect(many.text).toMatch(/^line \d+ x+\n[\s\S]*line 2999 x+\n$/);
  const endless = captured(...Array.from({ length: 1_000 }, () => 'y'.repeat(1_000)), 'end');
  expect(endless.text.length).toBeLessThanOrEqual(CAPTURED_CHARACTERS);
  expect(endless.text.endsWith('yend')).toBe(true);
  expect(endless.text.length + endless.cut).toBe(1_000_003);
});
