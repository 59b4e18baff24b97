/**
 * A terminal's screen: what a program wrote, as a person would have seen it. Rows that leave the screen at its top
 * are finished: nothing can change them any more.
 *
 * Bounds, whatever is written: the screen has `rows` × `columns` cells; one command costs at most one screen's rows or
 * one row's columns; a finished row has at most `columns` characters, of which combining marks are part of their cell.
 * A new line begins at the left, as with a terminal's usual settings.
 */

import type { TerminalCommands } from './terminal-parser.ts';
import { TerminalRow } from './terminal-row.ts';
import { PLAIN, styled, type TerminalStyle } from './terminal-style.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the text has none; the range is ASCII
const ASCII = /^[\u0000-\u007f]*$/;
const MARK = /^(?:\p{M}|\p{Variation_Selector}|\u200b|\u200c|\u200d)$/u;
const WIDE =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000\uff01-\uff60]$/u;
const TAB = 8;

export interface ScreenSize {
  columns: number;
  rows: number;
}

export class TerminalScreen implements TerminalCommands {
  readonly #size: ScreenSize;
  readonly #onFinished: (row: TerminalRow) => void;
  #rows: TerminalRow[] = [new TerminalRow()];
  #row = 0;
  #column = 0;
  #style: TerminalStyle = PLAIN;
  #saved = { row: 0, column: 0, style: PLAIN };
  #movedUp = false;

  constructor(size: ScreenSize, onFinished: (row: TerminalRow) => void) {
    this.#size = size;
    this.#onFinished = onFinished;
  }

  get rows(): readonly TerminalRow[] {
    return this.#rows;
  }

  /** True once the program has gone up to change what it had written above. */
  get movedUp(): boolean {
    return this.#movedUp;
  }

  /** Finishes the rows above the cursor, for a reader that cannot wait until they leave the screen. */
  finishAbove(): void {
    this.#finishRows(this.#row);
  }

  /** Rows go at the top: what was noted of the others moves up with them. */
  #finishRows(count: number): void {
    for (const row of this.#rows.splice(0, count)) this.#onFinished(row);
    this.#row -= count;
    this.#saved.row = Math.max(0, this.#saved.row - count);
  }

  print(text: string): void {
    if (ASCII.test(text)) this.#printAscii(text);
    else for (const glyph of text) this.#printGlyph(glyph);
  }

  control(code: string): void {
    if (code === '\n' || code === '\v' || code === '\f') this.#lineFeed(false);
    else if (code === '\r') this.#column = 0;
    else if (code === '\b') this.#column = Math.max(0, this.#restricted() - 1);
    else if (code === '\t' && this.#column < this.#size.columns)
      this.#column = Math.min(this.#column - (this.#column % TAB) + TAB, this.#size.columns - 1);
  }

  escape(final: string): void {
    if (final === '7') this.#save();
    else if (final === '8') this.#restore();
    else if (final === 'M') this.#reverseFeed();
    else if (final === 'E' || final === 'D') this.#lineFeed(false, final === 'D');
    else if (final === 'c') this.#reset();
  }

  csi(final: string, numbers: number[]): void {
    const [first = 0, second = 0] = numbers;
    const count = Math.max(1, first);
    const column = this.#restricted();
    if (final === 'm') this.#style = styled(this.#style, numbers);
    else if (final === 'A') this.#move(this.#row - count, column);
    else if (final === 'B' || final === 'e') this.#move(this.#row + count, column);
    else if (final === 'C' || final === 'a') this.#move(this.#row, column + count);
    else if (final === 'D') this.#move(this.#row, column - count);
    else if (final === 'E') this.#move(this.#row + count, 0);
    else if (final === 'F') this.#move(this.#row - count, 0);
    else if (final === 'G' || final === '`') this.#move(this.#row, count - 1);
    else if (final === 'd') this.#moveTo(count - 1, column);
    else if (final === 'H' || final === 'f') this.#moveTo(count - 1, Math.max(1, second) - 1);
    else if (final === 's') this.#save();
    else if (final === 'u') this.#restore();
    else this.#edit(final, first, count);
  }

  /** Erases, inserts and takes away. */
  #edit(final: string, first: number, count: number): void {
    if (final === 'J') this.#eraseScreen(first);
    else if (final === 'K') this.#eraseRow(first);
    else if (final === 'L') this.#insertRows(count);
    else if (final === 'M') this.#removeRows(count);
    else if (final === 'X' || final === 'P' || final === '@') {
      this.#column = this.#restricted();
      const { columns } = this.#size;
      const cells = Math.min(count, columns - this.#column);
      if (final === 'X') this.#current.erase(this.#column, this.#column + cells);
      else if (final === 'P') this.#current.remove(this.#column, cells);
      else this.#current.insert(this.#column, cells, columns);
    }
  }

  get #current(): TerminalRow {
    while (this.#rows.length <= this.#row) this.#rows.push(new TerminalRow());
    return this.#rows[this.#row] ?? new TerminalRow();
  }

  #printAscii(text: string): void {
    for (let at = 0; at < text.length; ) {
      if (this.#column >= this.#size.columns) this.#lineFeed(true);
      const piece = text.slice(at, at + this.#size.columns - this.#column);
      const row = this.#current;
      if (!row.append(this.#column, piece, this.#style)) {
        for (let offset = 0; offset < piece.length; offset += 1)
          row.set(this.#column + offset, { glyph: piece.charAt(offset), width: 1, style: this.#style });
      }
      this.#column += piece.length;
      at += piece.length;
    }
  }

  #printGlyph(glyph: string): void {
    if (MARK.test(glyph)) {
      this.#current.combine(this.#column, glyph);
      return;
    }
    const width = WIDE.test(glyph) ? 2 : 1;
    if (this.#column + width > this.#size.columns) this.#lineFeed(true);
    this.#current.set(this.#column, { glyph, width, style: this.#style });
    this.#column += width;
  }

  #lineFeed(wrapped: boolean, keepColumn = false): void {
    if (!keepColumn) this.#column = 0;
    this.#row += 1;
    if (this.#row === this.#size.rows) this.#finishRows(1);
    // the row is there from now on, so that what ends in a new line has an empty last one
    this.#current.continues = wrapped;
  }

  #reverseFeed(): void {
    this.#column = this.#restricted();
    this.#movedUp = true;
    if (this.#row > 0) {
      this.#row -= 1;
      return;
    }
    this.#rows.unshift(new TerminalRow());
    this.#rows.length = Math.min(this.#rows.length, this.#size.rows);
  }

  #move(row: number, column: number): void {
    const { rows, columns } = this.#size;
    const to = Math.min(Math.max(0, row), rows - 1);
    if (row < this.#row) this.#movedUp = true;
    this.#row = to;
    this.#column = Math.min(Math.max(0, column), columns - 1);
  }

  /** To a row counted from the screen's top, which is above whatever was written. */
  #moveTo(row: number, column: number): void {
    this.#movedUp = true;
    this.#move(row, column);
  }

  /** The cursor's column; behind the last one it stands only while text is written. */
  #restricted(): number {
    return Math.min(this.#column, this.#size.columns - 1);
  }

  #save(): void {
    this.#saved = { row: this.#row, column: this.#column, style: this.#style };
  }

  #restore(): void {
    const { row, column, style } = this.#saved;
    this.#moveTo(row, column);
    this.#style = style;
  }

  #reset(): void {
    this.#movedUp = true;
    this.#rows = [new TerminalRow()];
    this.#row = 0;
    this.#column = 0;
    this.#style = PLAIN;
    this.#save();
  }

  #eraseRow(kind: number): void {
    const { columns } = this.#size;
    if (kind === 0) this.#current.erase(Math.min(this.#column, columns), columns);
    if (kind === 1) this.#current.erase(0, this.#restricted() + 1);
    if (kind === 2) this.#current.erase(0, columns);
    if (kind === 2 || (kind === 0 && this.#column === 0)) this.#current.continues = false;
  }

  #eraseScreen(kind: number): void {
    if (kind > 2) return;
    if (kind > 0) this.#movedUp = true;
    this.#eraseRow(kind);
    const [from, to] = [kind === 0 ? this.#row + 1 : 0, kind === 1 ? this.#row : this.#rows.length];
    for (let at = from; at < to; at += 1) if (at !== this.#row) this.#rows[at] = new TerminalRow();
  }

  #insertRows(count: number): void {
    void this.#current;
    const added = Array.from(
      { length: Math.min(count, this.#size.rows - this.#row) },
      () => new TerminalRow(),
    );
    this.#rows.splice(this.#row, 0, ...added);
    this.#rows.length = Math.min(this.#rows.length, this.#size.rows);
    this.#column = 0;
  }

  #removeRows(count: number): void {
    this.#rows.splice(this.#row, count);
    this.#column = 0;
  }
}
