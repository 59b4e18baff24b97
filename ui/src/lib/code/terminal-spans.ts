/** Terminal lines as pieces of text to draw: as few as their styles allow, so that plain output is one. */

import type { TerminalLine, TerminalStyle } from '../../../../core/terminal-text.ts';

export interface TextSpan {
  text: string;
  /** null: as all else is written */
  style: TerminalStyle | null;
}

export function textSpans(lines: readonly TerminalLine[]): TextSpan[] {
  const spans: TextSpan[] = [];
  const add = (text: string, style: TerminalStyle | null) => {
    const last = spans.at(-1);
    if (last && last.style === style) last.text += text;
    else if (text !== '') spans.push({ text, style });
  };
  for (const [at, line] of lines.entries()) {
    if (at > 0) add('\n', spans.at(-1)?.style ?? null);
    for (const { text, style } of line) add(text, isPlain(style) ? null : style);
  }
  return spans;
}

function isPlain({ color, background, bold, dim, italic, underline, inverse }: TerminalStyle): boolean {
  return color === null && background === null && !(bold || dim || italic || underline || inverse);
}
