/**
 * What one step prints to one stream, as a terminal shows it, for as long as the page keeps the step. It keeps the
 * last characters, in whole lines: the step's file holds the whole.
 */

import { plainText, type TerminalLine, TerminalReader } from '../../../../core/terminal-text.ts';
import type { CapturedText } from './conversation-item.ts';

/** Characters of a step's stdout or stderr that a page keeps. */
export const CAPTURED_CHARACTERS = 64 * 1024;
/** What is left of them when they are too many, so that not every line cuts. */
const LAST_CHARACTERS = (CAPTURED_CHARACTERS * 3) / 4;

export class CapturedOutput {
  readonly #reader = new TerminalReader({ onLine: (line) => this.#keep(line) });
  #lines: TerminalLine[] = [];
  #characters = 0;
  #cut = 0;

  write(text: string): void {
    this.#reader.write(text);
  }

  get captured(): CapturedText {
    const { lines, cut } = lastOf([...this.#lines, ...this.#reader.open]);
    return { text: lines.map(plainText).join('\n'), lines, cut: this.#cut + cut };
  }

  #keep(line: TerminalLine): void {
    this.#lines.push(line);
    this.#characters += lengthOf(line);
    if (this.#characters <= CAPTURED_CHARACTERS) return;
    const { lines, cut, characters } = lastOf(this.#lines);
    this.#lines = lines;
    this.#characters = characters;
    this.#cut += cut;
  }
}

/** With its line feed. */
const lengthOf = (line: TerminalLine): number => line.reduce((sum, { text }) => sum + text.length, 1);

interface LastLines {
  lines: TerminalLine[];
  characters: number;
  cut: number;
}

/** The last lines, where they are too many characters; of a line that is longer than that, its end. */
function lastOf(lines: TerminalLine[]): LastLines {
  const whole = lines.reduce((sum, line) => sum + lengthOf(line), 0);
  if (whole <= CAPTURED_CHARACTERS) return { lines, characters: whole, cut: 0 };
  let characters = 0;
  let from = lines.length;
  for (; from > 0; from -= 1) {
    const length = lengthOf(lines[from - 1] ?? []);
    if (characters + length > LAST_CHARACTERS) break;
    characters += length;
  }
  const last = lines.at(-1);
  if (from < lines.length || last === undefined)
    return { lines: lines.slice(from), characters, cut: whole - characters };
  const end = endOf(last);
  return { lines: [end], characters: lengthOf(end), cut: whole - lengthOf(end) };
}

function endOf(line: TerminalLine): TerminalLine {
  const end: TerminalLine = [];
  let left = LAST_CHARACTERS;
  for (const span of line.toReversed()) {
    if (left <= 0) break;
    const text = span.text.slice(-left);
    end.unshift({ ...span, text });
    left -= text.length;
  }
  return end;
}
