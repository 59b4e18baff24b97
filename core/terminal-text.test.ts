import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { plainText, SCREEN, type TerminalLine, TerminalReader, terminalText } from './terminal-text.ts';

const ESC = '\u001b';
const SIZE = { columns: 20, rows: 6 };

/** What a reader has at the end, written in the pieces given. */
function read(pieces: string[], options: { eager?: boolean; size?: typeof SIZE } = {}): TerminalLine[] {
  const lines: TerminalLine[] = [];
  const reader = new TerminalReader({ ...options, onLine: (line) => lines.push(line) });
  for (const piece of pieces) reader.write(piece);
  return [...lines, ...reader.open];
}

/** The same of the terminal that the web's terminals are made of, empty rows at its end left out. */
async function shownByXterm(output: string): Promise<string> {
  const { columns: cols, rows } = SIZE;
  const terminal = new Terminal({ cols, rows, scrollback: 10_000, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const { active } = terminal.buffer;
  let text = '';
  for (let at = 0; at < active.length; at += 1) {
    const line = active.getLine(at);
    text += `${at > 0 && !line?.isWrapped ? '\n' : ''}${line?.translateToString(true) ?? ''}`;
  }
  terminal.dispose();
  return text.replace(/\n+$/, '');
}

const number = fc.constantFrom('', '0', '1', '2', '3', '7', '40', '999999999');
const piece = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', ' ', '%', 'é', '|'), minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\b',
    '\u0007',
    `${ESC}M`,
    `${ESC}7`,
    `${ESC}8`,
    `${ESC}[s`,
    `${ESC}[u`,
  ),
  fc.constantFrom(
    `${ESC}[?25l`,
    `${ESC}]0;title\u0007`,
    `${ESC}]8;;x${ESC}\\`,
    `${ESC}(B`,
    `${ESC}[1;31m`,
    `${ESC}[0m`,
  ),
  fc.tuple(number, fc.constantFrom(...'ABCDEFGd@PXJK')).map(([n, final]) => `${ESC}[${n}${final}`),
  fc.tuple(number, number, fc.constantFrom('H', 'f')).map(([a, b, final]) => `${ESC}[${a};${b}${final}`),
);
// left out: clearing the scrollback, which a log does not have, and 1J, over which xterm 6.0.0 throws in the last row
const comparable = (output: string) => !/\[(?:1|3|7|40|999999999)J/.test(output);

test('what is shown is what xterm shows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(piece, { maxLength: 30 })
        .map((pieces) => pieces.join(''))
        .filter(comparable),
      async (output) => {
        const ours = read([output], { size: SIZE }).map(plainText).join('\n').replace(/\n+$/, '');
        expect(ours).toBe(await shownByXterm(output));
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

test('a thousand frames of a progress bar are one line', () => {
  const bar = (at: number) =>
    `\r${String(at).padStart(3)}%|${'█'.repeat(at / 20).padEnd(50)}| ${at}/1000 [00:01<00:02]`;
  const frames = Array.from({ length: 1_001 }, (_, at) => bar(at)).join('');
  expect(terminalText(`start\n${frames}\ndone\n`)).toBe(`start\n${bar(1_000).slice(1)}\ndone\n`);
});

test('nested bars and a redrawn block stay where they were', () => {
  const outer = (at: number) => `\router ${at}/2`;
  const inner = (at: number) => `\n\rinner ${at}/9${ESC}[A`;
  const output = [0, 1, 2].flatMap((at) => [outer(at), ...[3, 6, 9].map(inner)]).join('');
  expect(terminalText(`${output}\n\nend`)).toBe('outer 2/2\ninner 9/9\nend');
  const block = (at: number) => `epoch ${at}\nloss 0.${at}\n`;
  expect(terminalText(`${block(1)}${ESC}[2F${ESC}[J${block(2)}`)).toBe(block(2));
});

test('text without control characters stays as it is, whatever its length', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ' ', 'é', '漢', '🐧', 'e\u0301', '\n'), maxLength: 2_000 }),
      (text) => {
        expect(terminalText(text)).toBe(text);
        expect(terminalText(`\r${text}`)).toBe(text);
      },
    ),
  );
  const wide = '漢🐧'.repeat(1_000);
  expect(terminalText(`\u0007${wide}\n`)).toBe(`${wide}\n`);
});

test('what is written over half of a wide character leaves none of it', () => {
  expect(terminalText('漢漢\rx')).toBe('x 漢');
  expect(terminalText(`漢漢${ESC}[3Dx`)).toBe(' x漢');
  expect(terminalText(`漢漢${ESC}[1K`)).toBe('');
});

test('however the output is cut, it is read the same', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20 }),
      fc.array(fc.nat(9), { minLength: 1 }),
      (pieces, lengths) => {
        const output = pieces.join('');
        const cut: string[] = [];
        for (let at = 0, turn = 0; at < output.length; turn += 1) {
          const length = 1 + (lengths[turn % lengths.length] ?? 0);
          cut.push(output.slice(at, at + length));
          at += length;
        }
        expect(read(cut, { size: SIZE })).toEqual(read([output], { size: SIZE }));
      },
    ),
  );
});

test('colours and weights are kept, and forgotten where the text is written over', () => {
  const output = `${ESC}[1;31mred${ESC}[0m ${ESC}[38;5;208morange${ESC}[48;2;1;2;3mon${ESC}[39;49m ${ESC}[97mwhite`;
  const [line = []] = read([`old${' '.repeat(30)}\r${output}`]);
  expect(line.map(({ text, style }) => [text, style.color, style.background, style.bold])).toEqual([
    ['red', 1, null, true],
    [' ', null, null, false],
    ['orange', '#ff8700', null, false],
    ['on', '#ff8700', '#010203', false],
    [' ', null, null, false],
    ['white', 15, null, false],
    [' '.repeat(15), null, null, false],
  ]);
});

test('an eager reader gives each line as it ends, until the program goes up', () => {
  const given: string[] = [];
  const reader = new TerminalReader({ eager: true, onLine: (line) => given.push(plainText(line)) });
  reader.write('one\ntwo\n10%\r20%');
  expect(given).toEqual(['one', 'two']);
  reader.write('\nthree\n');
  expect(given).toEqual(['one', 'two', '20%', 'three']);
  reader.write(`four${ESC}[Aon\n\n`);
  expect([given.length, reader.open.map(plainText)]).toEqual([4, ['fouron', '', '']]);
});

test('a command string that never ends does not swallow the output', () => {
  for (const opening of [`${ESC}]0;`, `${ESC}P`, `${ESC}_`]) {
    expect(terminalText(`${opening}${'x'.repeat(100_000)}\nthe result`)).toMatch(/^x+\nthe result$/);
    expect(terminalText(`${opening}title${ESC}\\the result`)).toBe('the result');
  }
  expect(terminalText(`${ESC}[${'1;'.repeat(100_000)}mthe result`)).toBe('the result');
});

/** Work is counted: rows and columns that a command may touch, never more with more output before it. */
test('hostile sequences stay on the screen, and the work of each is a screen at most', () => {
  const move = [`${ESC}[999999999B`, `${ESC}[999999999C`, `${ESC}[999999999;999999999H`, `${ESC}[999999999G`];
  const edit = ['@', 'P', 'X', 'L', 'M', 'J', 'K', 'A', 'F'].map((final) => `${ESC}[999999999${final}`);
  const hostile = [...move, ...edit, `${ESC}M`, '\t', 'x', `${ESC}[1K`, `${ESC}[2J`, '\n'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...hostile), { maxLength: 60 }), (parts) => {
      const finished: TerminalLine[] = [];
      const reader = new TerminalReader({ onLine: (line) => finished.push(line) });
      reader.write(parts.join(''));
      const feeds = parts.filter((part) => part === '\n' || part === 'x').length;
      expect(reader.open.length).toBeLessThanOrEqual(SCREEN.rows);
      expect(finished.length).toBeLessThanOrEqual(feeds);
      for (const line of [...finished, ...reader.open])
        expect(plainText(line).length).toBeLessThanOrEqual(SCREEN.columns * (feeds + 1));
    }),
  );
});
