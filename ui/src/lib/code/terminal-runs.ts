/** Terminal lines as pieces of text to draw: as few as their styles allow, so that plain output is one. */

import type { TerminalLine, TerminalStyle } from '../../../../core/terminal-text.ts';

export interface TextRun {
  text: string;
  /** null: as all else is written */
  style: TerminalStyle | null;
}

export function textRuns(lines: readonly TerminalLine[]): TextRun[] {
  const runs: TextRun[] = [];
  const add = (text: string, style: TerminalStyle | null) => {
    const last = runs.at(-1);
    if (last && last.style === style) last.text += text;
    else if (text !== '') runs.push({ text, style });
  };
  for (const [at, line] of lines.entries()) {
    if (at > 0) add('\n', runs.at(-1)?.style ?? null);
    for (const { text, style } of line) add(text, isPlain(style) ? null : style);
  }
  return runs;
}

function isPlain({ color, background, bold, dim, italic, underline, inverse }: TerminalStyle): boolean {
  return color === null && background === null && !(bold || dim || italic || underline || inverse);
}
