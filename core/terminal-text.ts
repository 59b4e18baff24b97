/**
 * Terminal output as a terminal shows it: carriage returns and control sequences applied, so that a thousand frames
 * of a progress bar are one line. The one reader for the model's results, the web UI and the command line; it needs
 * neither Node nor a browser.
 *
 * Ours rather than @xterm/headless, which the tests hold it against: that keeps a fixed grid of cells for all of its
 * scrollback, answers only after a timer, and is ten times as much code to load in a browser.
 */

import { TerminalParser } from './terminal-parser.ts';
import type { TerminalRow, TerminalSpan } from './terminal-row.ts';
import { type ScreenSize, TerminalScreen } from './terminal-screen.ts';

export type { TerminalSpan } from './terminal-row.ts';
export type { TerminalColor, TerminalStyle } from './terminal-style.ts';

/** A line as it was written: parts that the screen's edge had broken are one again. */
export type TerminalLine = TerminalSpan[];

/** How far up a program may go to change what it wrote, and where a row ends. */
export const SCREEN: ScreenSize = { columns: 256, rows: 100 };

/** Changes of style within one line, after which the screen's edge breaks it: what is open is read often. */
const MAX_LINE_SPANS = 10_000;

export interface TerminalReaderOptions {
  /** Default SCREEN. */
  size?: ScreenSize;
  /** Called with each line that nothing can change any more. */
  onLine: (line: TerminalLine) => void;
  /** Lines are given as soon as they end, until the program first goes up to change one. Default false. */
  eager?: boolean;
}

/** Reads a stream of output piece by piece, cut anywhere. */
export class TerminalReader {
  readonly #onLine: (line: TerminalLine) => void;
  readonly #eager: boolean;
  readonly #screen: TerminalScreen;
  readonly #parser: TerminalParser;
  /** The line that goes on in the screen's first row, as far as it has left the screen. */
  #begun: TerminalLine | null = null;

  constructor({ size = SCREEN, onLine, eager = false }: TerminalReaderOptions) {
    this.#onLine = onLine;
    this.#eager = eager;
    this.#screen = new TerminalScreen(size, (row) => this.#finish(row));
    this.#parser = new TerminalParser(this.#screen);
  }

  write(text: string): void {
    this.#parser.write(text);
    if (this.#eager && !this.#screen.movedUp) this.#screen.finishAbove();
    if (this.#screen.rows[0]?.continues !== true) this.#end();
  }

  /** The lines that stand on the screen, the one that is being written last. */
  get open(): TerminalLine[] {
    const lines: TerminalLine[] = this.#begun === null ? [] : [[...this.#begun]];
    for (const row of this.#screen.rows) {
      const last = lines.at(-1);
      if (row.continues && last) extend(last, row.spans);
      else lines.push(row.spans);
    }
    return lines;
  }

  #finish(row: TerminalRow): void {
    if (!row.continues || (this.#begun?.length ?? 0) > MAX_LINE_SPANS) this.#end();
    this.#begun ??= [];
    extend(this.#begun, row.spans);
  }

  /** The line of the rows that have left the screen is whole. */
  #end(): void {
    if (this.#begun !== null) this.#onLine(this.#begun);
    this.#begun = null;
  }
}

/** The plain text of an output that is written piece by piece. Text without control characters stays as it is. */
export class TerminalTranscript {
  readonly #lines: string[] = [];
  readonly #reader = new TerminalReader({ onLine: (line) => this.#lines.push(plainText(line)) });

  write(text: string): void {
    this.#reader.write(text);
  }

  get text(): string {
    return [...this.#lines, ...this.#reader.open.map(plainText)].join('\n');
  }
}

/** The same of an output that is there as a whole. */
export function terminalText(output: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: whether there are any is the question
  if (!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(output)) return output;
  const transcript = new TerminalTranscript();
  transcript.write(output);
  return transcript.text;
}

export const plainText = (line: TerminalLine): string => line.map((span) => span.text).join('');

/** Adds `spans` to `line`, whose spans are its own; text that goes on in one style stays one span. */
function extend(line: TerminalLine, spans: TerminalLine): void {
  for (const span of spans) {
    const last = line.at(-1);
    if (last && last.style === span.style) line[line.length - 1] = { ...last, text: last.text + span.text };
    else line.push(span);
  }
}
