/**
 * One row of a terminal's screen: cells, each a character with its style. A row that was only appended to, in one
 * style and in ASCII, is kept as a string, which is what nearly all output is.
 */

import { PLAIN, type TerminalStyle } from './terminal-style.ts';

/** Text of one style. */
export interface TerminalSpan {
  text: string;
  style: TerminalStyle;
}

/** What stands in the right half of a wide character. */
const HALF = '';
/** The style of a cell in which nothing was written; its character is a space. */
const BLANK = null;

export class TerminalRow {
  /** True when this row goes on with the text of the one above, because the screen ended there. */
  continues = false;
  #text = '';
  #style: TerminalStyle = PLAIN;
  #glyphs: string[] | null = null;
  #styles: (TerminalStyle | null)[] = [];

  get length(): number {
    return this.#glyphs?.length ?? this.#text.length;
  }

  /** Adds ASCII at `column`; false where the row cannot hold it as a string. */
  append(column: number, text: string, style: TerminalStyle): boolean {
    if (this.#glyphs !== null || column !== this.#text.length) return false;
    if (this.#text !== '' && style !== this.#style) return false;
    this.#style = style;
    this.#text += text;
    return true;
  }

  /** Puts a glyph at `column`; its `width` is 1, or 2 for a wide character. */
  set(column: number, { glyph, width, style }: { glyph: string; width: number; style: TerminalStyle }): void {
    const glyphs = this.#cells();
    if (glyphs.length < column) this.#resize(column);
    this.#part(column);
    this.#part(column + width);
    glyphs[column] = glyph;
    this.#styles[column] = style;
    if (width === 1) return;
    glyphs[column + 1] = HALF;
    this.#styles[column + 1] = style;
  }

  /** Adds a mark to the character before `column`; one that has none is lost. */
  combine(column: number, mark: string): void {
    const glyphs = this.#cells();
    const at = glyphs[column - 1] === HALF ? column - 2 : column - 1;
    const glyph = glyphs[at];
    if (glyph !== undefined && this.#styles[at] !== BLANK) glyphs[at] = glyph + mark;
  }

  /** Makes the cells from `from` up to `to` blank. */
  erase(from: number, to: number): void {
    const end = Math.min(to, this.length);
    if (from >= end) return;
    const glyphs = this.#cells();
    this.#part(from);
    this.#part(end);
    if (end === glyphs.length) {
      this.#resize(from);
      return;
    }
    glyphs.fill(' ', from, end);
    this.#styles.fill(BLANK, from, end);
  }

  /** Takes cells away; what stands to the right moves up. */
  remove(column: number, count: number): void {
    this.#part(column);
    this.#part(column + count);
    this.#cells().splice(column, count);
    this.#styles.splice(column, count);
  }

  /** Puts blank cells in; what is pushed beyond `columns` is lost. */
  insert(column: number, count: number, columns: number): void {
    if (column >= this.length) return;
    const glyphs = this.#cells();
    this.#part(column);
    this.#part(columns - count);
    glyphs.splice(column, 0, ...Array<string>(count).fill(' '));
    this.#styles.splice(column, 0, ...Array<null>(count).fill(BLANK));
    if (glyphs.length > columns) this.#resize(columns);
  }

  /** The row's text up to its last cell that was written. */
  get spans(): TerminalSpan[] {
    const glyphs = this.#glyphs;
    if (glyphs === null) return this.#text === '' ? [] : [{ text: this.#text, style: this.#style }];
    const end = this.#styles.findLastIndex((style) => style !== BLANK) + 1;
    const spans: TerminalSpan[] = [];
    for (let from = 0; from < end; ) {
      const style = this.#styles[from] ?? PLAIN;
      let to = from + 1;
      while (to < end && (this.#styles[to] ?? PLAIN) === style) to += 1;
      spans.push({ text: glyphs.slice(from, to).join(''), style });
      from = to;
    }
    return spans;
  }

  #cells(): string[] {
    if (this.#glyphs === null) {
      this.#glyphs = this.#text.split('');
      this.#styles = Array<TerminalStyle>(this.#glyphs.length).fill(this.#style);
    }
    return this.#glyphs;
  }

  /** Cuts the row, or fills it with blanks. */
  #resize(length: number): void {
    const glyphs = this.#cells();
    const before = glyphs.length;
    glyphs.length = length;
    this.#styles.length = length;
    glyphs.fill(' ', before);
    this.#styles.fill(BLANK, before);
  }

  /** Where a wide character would be cut at `column`, both its halves are blank. */
  #part(column: number): void {
    const glyphs = this.#cells();
    if (glyphs[column] !== HALF) return;
    glyphs.fill(' ', column - 1, column + 1);
    this.#styles.fill(BLANK, column - 1, column + 1);
  }
}
