/**
 * Splits what a program writes to a terminal into text and commands (ECMA-48). It owns only what is unfinished:
 * 1. a sequence may be cut anywhere between two writes;
 * 2. what is kept of an unfinished sequence is bounded, and a command string that does not end within
 *    MAX_STRING characters ends there: output that follows a stray `ESC ]` is not swallowed;
 * 3. each character is looked at once: work grows with what was written, whatever it is.
 */

/** What a terminal does with what it is told. */
export interface TerminalCommands {
  /** Printable text without control characters. */
  print(text: string): void;
  /** One control character, e.g. '\n'. */
  control(code: string): void;
  /** `ESC` and one character, e.g. 'M'. */
  escape(final: string): void;
  /** `CSI` with its numbers; those that were left out are 0. */
  csi(final: string, numbers: number[]): void;
}

/** Characters of a command string (a window title, an image) after which it is given up. */
const MAX_STRING = 4_096;
/** Characters of a control sequence's numbers that are kept, and numbers that are read. */
const MAX_NUMBERS = 128;

type State = 'text' | 'escape' | 'intermediate' | 'csi' | 'string' | 'string-escape';

const ESC = '\u001b';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what text ends at
const TEXT = /[^\u0000-\u001f\u007f-\u009f]+/y;
/** ESC X, ESC ], ESC P, ESC ^ and ESC _ begin strings that end with ST or BEL. */
const STRINGS = new Set(['X', ']', 'P', '^', '_']);

export class TerminalParser {
  readonly #commands: TerminalCommands;
  #state: State = 'text';
  #numbers = '';
  #length = 0;

  constructor(commands: TerminalCommands) {
    this.#commands = commands;
  }

  write(text: string): void {
    for (let at = 0; at < text.length; ) {
      if (this.#state === 'text') at = this.#text(text, at);
      else {
        this.#step(text.charAt(at));
        at += 1;
      }
    }
  }

  #text(text: string, at: number): number {
    TEXT.lastIndex = at;
    const run = TEXT.exec(text)?.[0];
    if (run !== undefined) {
      this.#commands.print(run);
      return at + run.length;
    }
    const code = text.charAt(at);
    if (code === ESC) this.#state = 'escape';
    else this.#commands.control(code);
    return at + 1;
  }

  #step(character: string): void {
    if (this.#state === 'string' || this.#state === 'string-escape') {
      this.#string(character);
      return;
    }
    // CAN and SUB break a sequence off; other control characters are obeyed within it, as terminals do
    if (character === '\u0018' || character === '\u001a') this.#state = 'text';
    else if (character === ESC) this.#state = 'escape';
    else if (character < ' ') this.#commands.control(character);
    else if (this.#state === 'escape') this.#escape(character);
    else if (this.#state === 'csi') this.#csi(character);
    // a choice of character set or the like: its last character ends it
    else if (character >= '0') this.#state = 'text';
  }

  #escape(character: string): void {
    this.#state = 'text';
    this.#numbers = '';
    this.#length = 0;
    if (character === '[') this.#state = 'csi';
    else if (STRINGS.has(character)) this.#state = 'string';
    else if (character < '0') this.#state = 'intermediate';
    else this.#commands.escape(character);
  }

  #csi(character: string): void {
    if (character < '@' || character > '~') {
      if (this.#numbers.length < MAX_NUMBERS) this.#numbers += character;
      return;
    }
    this.#state = 'text';
    // sequences with a mark such as `?` or with intermediates are a terminal's own affairs: nothing is drawn by them
    if (/[^0-9;:]/.test(this.#numbers)) return;
    this.#commands.csi(character, this.#numbers.split(/[;:]/).map(Number));
  }

  #string(character: string): void {
    this.#length += 1;
    const ends = character === '\u0007' || character === '\u0018' || character === '\u001a';
    if (ends || this.#length > MAX_STRING) this.#state = 'text';
    else if (this.#state === 'string-escape' && character === '\\') this.#state = 'text';
    // an escape that is not the string's end begins another sequence
    else if (this.#state === 'string-escape') this.#escape(character);
    else if (character === ESC) this.#state = 'string-escape';
  }
}
